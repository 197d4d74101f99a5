"""Tests of `index.snapshots`."""
