"""Documents, files and the filing plan (NSESSS 2.7, 3)."""
