"""Administration of the organisation: units, people and roles, substitutions, code lists."""
