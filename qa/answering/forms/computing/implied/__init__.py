"""What a question asks of figures that it does not name: what is left, the figure of an earlier time, of so many."""
