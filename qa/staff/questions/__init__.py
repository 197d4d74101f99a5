"""The question log for staff, and the questions to be worked on."""
