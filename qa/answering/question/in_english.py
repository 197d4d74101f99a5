"""Completes follow-up questions in English."""

import re

from qa.answering.question.words import has_han

_PART = re.compile(r"^(?:and|but|what about|how about)\b", re.IGNORECASE)
_YEAR_PART = re.compile(rf"{_PART.pattern}\s*(?:in|for)?\s*(?P<year>(?:19|20)\d{{2}})\s*\?*$", re.IGNORECASE)
_IT = re.compile(r"\b(?:it|its|they|them|their)\b", re.IGNORECASE)
_NAME = re.compile(r"(?<=\s)(?:[A-Z][a-z]+|[A-Z]{2,})|\b(?:19|20)\d{2}\b")
_ASKS = re.compile(
    r"^(?:who|what|when|where|why|which|how(?: many| much| long)?)\s+(?:(?:is|are|was|were|did|does|do|has|have)\s+)?",
    re.IGNORECASE,
)
_YEAR = re.compile(r"\b(?:19|20)\d{2}\b")


def is_english(text: str) -> bool:
    """Return whether a text has several words and no Chinese character. GDP alone counts as Chinese."""
    return not has_han(text) and len(text.split()) > 1


def completed_in_english(question: str, before: str) -> str:
    """Complete an English follow-up: exchange the year, or put the earlier subject before it."""
    part, year_before = _YEAR_PART.match(question), _YEAR.search(before)
    if part and year_before:
        return before.replace(year_before.group(), part["year"], 1)
    leaves_out = _IT.search(question) and not _NAME.search(question)
    # Of a question that was itself put behind a subject only the subject is taken on.
    about = _ASKS.sub("", before.partition(": ")[0]).rstrip("? ")
    return f"{about}: {question}" if _PART.match(question) or leaves_out else question
