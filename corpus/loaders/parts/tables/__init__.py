"""Tables of every format: one grid with spans, its header found, its rows written as statements."""
