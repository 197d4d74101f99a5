"""Rows of tables: the row and the column that a question asks for, and two of them beside each other."""
