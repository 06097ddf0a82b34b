"""Documents, files, the filing plan and search."""
