"""Renders parts of Word files and presentations as Office shows them."""
