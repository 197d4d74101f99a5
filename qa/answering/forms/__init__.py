"""Gives an answer its form: yes or no, which is more, how many. Each conclusion is computed or fitted."""
