"""Parts of a quotation: first those of a sentence, then what commas part in it."""

import re

from corpus.document import Span

BY_SENTENCES = re.compile(r"[^；;。\n]+")
BY_COMMAS = re.compile(r"[^；;。\n，,]+")


def within(short: Span, clause: Span, text: str) -> Span | None:
    """Return the part of an answer that lies within a clause; None where none does."""
    span = Span(max(short.start, clause.start), min(short.end, clause.end)).trimmed(text)
    return span if len(span) else None
