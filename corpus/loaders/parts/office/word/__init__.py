"""What Word files need to show as Word shows them: list numbers, symbols, fields, notes, running heads."""
