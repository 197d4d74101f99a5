"""What of a table a question names: a row, a column, whole cells."""
