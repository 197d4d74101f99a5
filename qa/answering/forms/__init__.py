"""Decides the form of an answer: yes or no, which is more, how many. Each conclusion is computed or fitted."""
