"""Measures what crowds and hostile files do to the service."""
