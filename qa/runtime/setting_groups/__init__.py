"""Settings that belong together, apart from those of the service."""
