"""What goes out with a version: its number, its parts, its documentation, its wheel."""
