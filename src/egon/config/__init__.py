"""Settings, addresses, and the table of who reacts to what."""
