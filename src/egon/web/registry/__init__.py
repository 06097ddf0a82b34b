"""Administration of units, people, roles and substitution."""
