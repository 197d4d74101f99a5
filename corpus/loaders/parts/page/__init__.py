"""What pages show, and how it goes together: columns, footnotes, invisible text."""
