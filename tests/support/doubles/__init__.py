"""Stand-ins for parts of the program and for others' services."""
