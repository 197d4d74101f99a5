"""Tables of every format: one grid with spans, its header detected, its rows written as statements."""
