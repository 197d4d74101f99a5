"""Which row of a table has the most, the least or the greatest change of a column that a question asks for."""
