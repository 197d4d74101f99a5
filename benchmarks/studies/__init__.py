"""Measurements behind single decisions: thresholds, passages, paraphrases, written sentences."""
