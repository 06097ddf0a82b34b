"""eGON Centrum."""

__version__ = "0.1.0"
