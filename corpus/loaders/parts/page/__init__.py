"""How pages are laid out: columns, footnotes, invisible text."""
