"""Golden questions and trials for staff."""
