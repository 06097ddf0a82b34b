"""Sign-in, password, choice of organisation."""
