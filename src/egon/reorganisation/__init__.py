"""Changes of the organisation's structure: what a unit holds passes to another one."""
