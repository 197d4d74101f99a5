"""What the parts of Word files and presentations need to show as Office shows them."""
