"""The office's boxes."""
