"""Pure rules of records: states, numbers, obstacles, retention. No Django, no clock, no input or output."""
