"""The layout of pages: columns, footnotes, invisible text."""
