"""The sentences that a clerk marked in the text of a document, as a form sends them."""

from qa.runtime.errors import Unfit

NO_MARK = "没有认出选中的句子，请刷新页面再选一次"


def mark_of(text: str) -> tuple[str, int, int]:
    """Return document, start and end of a marked sentence: `start:end:document`. Raises `Unfit`."""
    start, _, rest = text.partition(":")
    end, _, document = rest.partition(":")
    if not (start.isascii() and start.isdigit() and end.isascii() and end.isdigit() and len(start + end) < 20):
        raise Unfit(NO_MARK)
    return document, int(start), int(end)
