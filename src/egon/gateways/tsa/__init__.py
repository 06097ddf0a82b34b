"""RFC 3161 time stamps: reading and checking tokens, without Django."""
