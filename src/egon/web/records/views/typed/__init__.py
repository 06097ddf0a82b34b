"""Pages of typed files: their list, one of them, its sections and volumes (NSESSS 3.3)."""
