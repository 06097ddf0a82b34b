"""Reading and checking CMS (RFC 5652) signatures without Django."""
