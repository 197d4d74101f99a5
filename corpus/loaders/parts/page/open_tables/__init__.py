"""Tables without rules between their columns: columns by white strips, rows by the order of their cells."""
