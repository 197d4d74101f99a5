"""What citizens asked, and what staff do about it."""
