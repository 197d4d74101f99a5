"""Text: sentences, headings, passages, and copies of it for matching."""
