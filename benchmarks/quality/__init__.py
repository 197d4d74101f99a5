"""How good answers are: one table over all question sets."""
