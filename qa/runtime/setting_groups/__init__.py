"""Settings that belong together: each with its name, type, range, default and help."""
