"""Reads which articles of other texts a document amends: 将第五条中的“30日”修改为“20日”."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from corpus.document import Document, Span
from corpus.metadata.repeals import base_title
from corpus.text.articles import LABEL, Number, labelled
from corpus.text.numerals import ORDINAL_SIGN, whole_number

# 关于修改《…》的决定: what amends another text says so in its title.
_AMENDS = re.compile(
    r"关于(?:[^。《》]{0,12}[^不])?(?:修改|修正|修订|调整)[^。]{0,60}?(?:《|的(?:决定|通知|公告|决议|命令)|$)"
)
_NAMED = re.compile(r"《([^《》]{2,80})》")
_QUOTED = re.compile(r"“[^“”]{0,3000}”")
_SENTENCE = re.compile(r"[^。；\n]+[。；]?")
_WITHIN = "＿"  # stands for what is quoted, which holds articles and full stops of its own
_INTO = r"(?:修改|改|调整|更正|变更)(?:为|成)"
_PAIR = re.compile(rf"“({_WITHIN}+)”(?:一词|字样|的表述)?[^“”。；]{{0,6}}?{_INTO}\s*[：:]?\s*“({_WITHIN}+)”")
_ANEW = re.compile(rf"{_INTO}\s*[：:]?\s*“({_WITHIN}+)”")
_STRUCK = re.compile(r"删去|删除|废止")
_PARAGRAPH = re.compile(rf"第({ORDINAL_SIGN}{{1,4}})款")
_FIRST_LINE = 200  # characters
_EVERYWHERE = re.compile(r"全文|文中|条文|办法中|规定中|细则中|各条|所有")


@dataclass(frozen=True, slots=True)
class Change:
    """A change that a sentence of an amending document makes: of whole articles, or of `old` words into `new` ones.

    Without `numbers` it is of all articles, with `paragraph` (款) of that one alone. What is struck out has no `new`.
    """

    by: Document
    sentence: Span
    numbers: tuple[Number, ...]
    paragraph: int = 0
    old: Span | None = None
    new: Span | None = None


def amends(document: Document) -> bool:
    """Return whether the title or the first line of a document says that it amends another."""
    first = document.text[:_FIRST_LINE].lstrip().partition("\n")[0]
    return bool(_AMENDS.search(f"{document.title}\n{first}"))


def changes(document: Document) -> Iterator[tuple[str, Change]]:
    """Yield each change that a document makes, with the title of the text that it changes."""
    text = _QUOTED.sub(lambda quoted: f"“{_WITHIN * (len(quoted[0]) - 2)}”", document.text)
    target = ""
    for match in _SENTENCE.finditer(text):
        if named := list(_NAMED.finditer(match[0])):
            target = base_title(named[-1][1])
        if target:
            sentence = Span(*match.span()).trimmed(document.text)
            yield from ((target, change) for change in _in_sentence(document, match, sentence))


def _in_sentence(document: Document, match: re.Match[str], sentence: Span) -> Iterator[Change]:
    words, at = match[0], match.start()
    pairs = list(_PAIR.finditer(words))
    numbers: tuple[Number, ...] = ()
    paragraph = begin = 0
    for pair in pairs:
        before, begin = words[begin : pair.start()], pair.end()
        own = _numbers(before)
        numbers, paragraph = own or numbers, _paragraph(before) or (0 if own else paragraph)
        if numbers or _EVERYWHERE.search(words[: pair.start()]):
            old, new = (Span(at + pair.start(group), at + pair.end(group)) for group in (1, 2))
            yield Change(document, sentence, numbers, paragraph, old, new)
    whole = _ANEW.search(words)
    before = words[: whole.start()] if whole else words
    numbers = _numbers(before)
    if pairs or not numbers or "增加" in words:
        return
    if whole:
        new = Span(at + whole.start(1), at + whole.end(1))
        yield Change(document, sentence, numbers, _paragraph(before), new=new)
    elif _STRUCK.search(words) and "“" not in words and "项" not in words:
        yield Change(document, sentence, numbers, _paragraph(before))


def _numbers(words: str) -> tuple[Number, ...]:
    return tuple(map(labelled, LABEL.finditer(words)))


def _paragraph(words: str) -> int:
    match = _PARAGRAPH.search(words)
    try:
        return whole_number(match[1]) if match else 0
    except ValueError:
        return 0
