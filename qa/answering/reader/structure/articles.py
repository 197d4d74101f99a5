"""Quotes an article that is asked for by its number: 第三条规定了什么, 第四条第二项."""

import re
from collections.abc import Sequence

from corpus.document import Document, Span
from corpus.text.articles import LABEL, articles
from corpus.text.numerals import whole_number
from index.search.articles import asked_article, asked_clause
from qa.answering.reader.base import Finding, Reading
from qa.answering.reader.structure.items import item_below_a_heading

_SURE = 0.97
# The question asks only for the article's content: nothing but such words, in whatever order.
_CONTENT = re.compile(
    r"(?:规定|内容|情形|具体|条文|全文|原文|要求|写|讲|说|了|的|是|有|什么|啥|哪些|怎么|怎样|如何|[呢吗?？。 ])*"
)
# 第九条规定哪些情形免费 asks for the article as well: what it lists is its content.
_LISTED = re.compile(r"(?:规定|列举|列出)(?:了|的)?(?:哪些|什么|哪几)[^，。？?]{0,12}[？?。 ]*")
# 第三项罚多少钱: one item is so short that it answers whatever is asked of its content.
_OF_AN_ITEM = re.compile(r"(?!.*(?:为什么|为何|时候|何时|谁|修改|废止))[^，。？?]{1,10}[？?。 ]*")
_PART = re.compile(r"第\s*([一二三四五六七八九十百\d]{1,4})\s*([款项])")
_ITEM = re.compile(r"[（(]([一二三四五六七八九十百\d]{1,4})[）)]")


def article(question: str, documents: Sequence[Document]) -> Reading | None:
    """Return the article whose words a question asks for; an empty reading when the named documents lack it.

    None when the question asks for something else.
    """
    asked = asked_article(question)
    if asked is None:
        return _clause(question, documents)
    parts = {match[2]: _number(match[1]) for match in _PART.finditer(asked.rest)}
    rest = _PART.sub("", asked.rest)
    if not (_CONTENT.fullmatch(rest) or _LISTED.fullmatch(rest) or ("项" in parts and _OF_AN_ITEM.fullmatch(rest))):
        return None
    label = LABEL.search(question)
    if label and not parts and (item := item_below_a_heading(question[: label.start()], asked.number[0], documents)):
        return Reading((item,), _SURE)
    if asked.names_a_rule and not any(map(asked.calls, documents)):
        return None
    for document in asked.documents(documents):
        for span in articles(document, asked.number):
            quote = _part(document.text, span, parts)
            if quote is not None:
                return Reading((Finding(document, (_label(document.text, span),), quote),), _SURE)
    return Reading((), 0.0)


def _clause(question: str, documents: Sequence[Document]) -> Reading | None:
    """Return the line that begins with the label of the clause asked for: 3.1; None where no named document has it."""
    found = asked_clause(question)
    if found is None or not _CONTENT.fullmatch(found[1].rest):
        return None
    label, asked = found
    begins = re.compile(rf"^[ \t]*{re.escape(label)}(?![.\d])[^\n]*\S", re.MULTILINE)
    for document in filter(asked.calls, documents):
        if line := begins.search(document.text):
            return Reading((Finding(document, (), Span(*line.span()).trimmed(document.text)),), _SURE)
    return None


def _label(text: str, span: Span) -> str:
    match = LABEL.match(text, span.start)
    return match[0] if match else ""


def _part(text: str, span: Span, parts: dict[str, int]) -> Span | None:
    """Return the paragraph (款) or item (项) asked for, or the whole article; None if the article lacks it."""
    lines = [Span(span.start + m.start(), span.start + m.end()) for m in re.finditer(r"[^\n]*\S", span.of(text))]
    if (wanted := parts.get("款")) is not None:
        begins = [place for place, line in enumerate(lines) if not _ITEM.match(line.of(text).lstrip())]
        if not 0 < wanted <= len(begins):
            return None
        end = begins[wanted] if wanted < len(begins) else len(lines)
        lines = lines[begins[wanted - 1] : end]
    if (wanted := parts.get("项")) is not None:
        return next((line for line in lines if _item(line.of(text)) == wanted), None)
    return Span(lines[0].start, lines[-1].end) if lines else None


def _item(line: str) -> int | None:
    match = _ITEM.match(line.lstrip())
    return _number(match[1]) if match else None


def _number(numeral: str) -> int:
    """Return the value of a numeral; -1, which no part bears, for signs that make none, such as 1十."""
    try:
        return whole_number(numeral)
    except ValueError:
        return -1
