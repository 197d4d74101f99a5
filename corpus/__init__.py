"""Documents: read from files, cut into sentences, headings and passages."""
