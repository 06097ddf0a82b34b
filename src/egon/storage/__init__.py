"""Content-addressed storage of components, data messages and packages."""
