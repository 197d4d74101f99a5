"""Chooses implementations by the settings, and assembles them."""
