"""Our own organisation: units, positions, people, roles, substitution."""
