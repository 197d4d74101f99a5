"""Checks that quoted words fit a question: its figures, premise, place, time, office-holder and attribute."""
