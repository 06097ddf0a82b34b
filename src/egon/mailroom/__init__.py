"""Intake and dispatch over all channels."""
