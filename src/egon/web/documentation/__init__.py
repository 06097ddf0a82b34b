"""The documentation of the installation: what it says, its files, its page."""
