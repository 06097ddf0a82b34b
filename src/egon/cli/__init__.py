"""The command line: ``./egon <command>``. A door like any other, it holds no rules."""
