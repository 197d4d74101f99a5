"""The form of an answer: yes or no, which is more, how many; what decides is computed or fitted, never guessed."""
