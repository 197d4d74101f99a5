"""Readers find the answer in retrieved passages; the protocol is in `base`."""
