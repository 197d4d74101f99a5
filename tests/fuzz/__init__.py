"""Inputs that a fuzzer makes, against what has to hold for every question."""
