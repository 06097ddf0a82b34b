"""Client library for ISDS (Czech data boxes) and reader of ZFO files. Needs no Django."""
