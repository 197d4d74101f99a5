"""What several machines share of a refresh: the files, their contents, and the work on them."""
