"""Outside persons and bodies (NSESSS 2.8)."""
