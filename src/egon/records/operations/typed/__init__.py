"""Writes of typed files: templates, founding, volumes, filling, closing, re-sorting (NSESSS 3.3)."""
