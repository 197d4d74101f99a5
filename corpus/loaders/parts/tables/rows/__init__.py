"""What the rows of a table say besides their cells: the groups that they are in, and the units of their figures."""
