"""Tables typed into plain texts."""
