"""Files that hold other files; each of those is read by its own loader."""
