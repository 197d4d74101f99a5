"""What goes out with a version besides the program: its parts with their licences, and the documentation's pages."""
