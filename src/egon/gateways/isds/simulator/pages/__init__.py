"""The web page on which a person acts as any box."""
