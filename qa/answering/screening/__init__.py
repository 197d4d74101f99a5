"""Decides what is answered before any search: input that is not a question, and needs that a card answers."""

from qa.answering.screening.rules import MAX_QUESTION, clean, screen

__all__ = ["MAX_QUESTION", "clean", "screen"]
