"""Pure Python that every floor may use: no Django, no input or output, no clock read."""
