"""Text cut into sentences, headings and passages, and copies of it for matching."""
