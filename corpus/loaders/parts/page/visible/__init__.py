"""What of a page shows: its characters, its pictures."""
