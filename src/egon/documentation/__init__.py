"""Documentation of the life of the installation (NSESSS 10.1): what people state of it, and which versions ran."""
