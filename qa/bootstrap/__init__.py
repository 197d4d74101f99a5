"""Implementations chosen by the settings and put together."""
