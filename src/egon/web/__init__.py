"""The pages: one area a folder, each a thin door to operations and queries."""
