"""Words and pictures of pages that show, and those that do not."""
