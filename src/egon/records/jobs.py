"""Background entry points of this domain."""
