"""Tables of every format: found whole, and bounded."""
