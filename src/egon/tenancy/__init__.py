"""Each organisation is an originator (původce) with records of its own; the database itself keeps them apart."""
