"""Makes the replies: the fixed sentences in the language of the question, and what is built around them."""

from qa.answering.replies.texts import (
    ABSTAINED,
    ABSTAINED_ENGLISH,
    EMPTY,
    TOO_LONG,
    UNREADABLE,
    abstained,
    card,
    is_chinese,
)

__all__ = ["ABSTAINED", "ABSTAINED_ENGLISH", "EMPTY", "TOO_LONG", "UNREADABLE", "abstained", "card", "is_chinese"]
