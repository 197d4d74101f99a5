"""Questions and earlier turns as visitors send them, made readable or refused."""

from corpus.text.normalise import normalise
from qa.answering.reply import Turn
from qa.answering.screening import clean

MAX_TURNS = 6
MAX_TURN_CHARACTERS = 500


class MalformedHistory(Exception):
    """The earlier turns are not a list of pairs of texts."""


def read_turns(pairs: object) -> tuple[Turn, ...]:
    """Return the last `MAX_TURNS` of a list of [question, reply] or [question, reply, question as understood].

    Each text is cut to `MAX_TURN_CHARACTERS`.
    The visitor's browser keeps the conversation, so anything may arrive. Raises `MalformedHistory`.
    """
    if not isinstance(pairs, list):
        raise MalformedHistory
    turns = []
    for pair in pairs[-MAX_TURNS:]:
        match pair:
            case [str(_), str(_)] | [str(_), str(_), str(_)]:
                turns.append(Turn(*(readable(text)[:MAX_TURN_CHARACTERS] for text in pair)))
            case _:
                raise MalformedHistory
    return tuple(turns)


def readable(text: str) -> str:
    """Return the text with half surrogate pairs, which JSON can carry and UTF-8 cannot, replaced by U+FFFD."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def same(question: str) -> str:
    """Return a key shared by questions that differ only in width, case, white space or their end mark."""
    return normalise(clean(question)).rstrip("?？。.!！ ")
