"""Readers find the answer in retrieved passages; `base` holds their protocol."""
