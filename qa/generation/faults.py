"""Why a sentence that a language model wrote is not shown."""

from enum import StrEnum


class Fault(StrEnum):
    """Why a written sentence is not shown."""

    NO_CITATION = "no_citation"
    UNKNOWN_CITATION = "unknown_citation"
    MARKUP = "markup"
    TOO_LONG = "too_long"
    FIGURE = "figure"
    DATE = "date"
    NAME = "name"
    WORDS = "words"
    NEGATION = "negation"
    MIXED_UP = "mixed_up"
    DISAGREES = "disagrees"
