"""Intake and dispatch."""
