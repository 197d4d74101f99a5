"""What the pages are given where each is tried with hostile text."""
