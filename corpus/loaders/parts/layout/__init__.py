"""Lines on pages: columns, running heads, paragraphs and the rows of tables without rules."""
