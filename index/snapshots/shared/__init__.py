"""Snapshots that several machines share: an object store holds them, each machine checked copies."""
