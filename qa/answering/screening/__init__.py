"""What is said before anything is looked up: input that is no question, and needs that a card answers."""

from qa.answering.screening.rules import MAX_QUESTION, clean, screen

__all__ = ["MAX_QUESTION", "clean", "screen"]
