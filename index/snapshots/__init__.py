"""Snapshots: built, written, verified, published."""
