"""Measurements: how fast the product works on a million documents of a hundred organisations."""
