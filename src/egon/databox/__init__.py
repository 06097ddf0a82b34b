"""Boxes of the organisations: receiving, sending, what happens afterwards."""
