"""The headings of a text that marks none: numbered ones, and short lines above text."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from corpus.document import Heading, Span
from corpus.text.articles import article_of
from corpus.text.headings.lines import Line, lines_of
from corpus.text.headings.numbered import (
    ENDS_A_SENTENCE,
    MAX_LENGTH,
    UNNUMBERED,
    is_numbered,
    next_article,
    numbered,
)
from corpus.text.headings.official import BYLINE, official_title
from corpus.text.letterhead import is_contents, is_contents_entry, is_letterhead

_UNNUMBERED_MAX_LENGTH = 24
_DEEPEST = 30  # without an end each line of a list of names would lie below the one before it
_NOT_A_HEADING = re.compile(
    r"——|—$|^[（(▲△●•·\-]|^图\d*|^[\d\s.,%％:：/-]+$|"  # captions, list items, bare figures and dates
    r"^\[(?:图片|照片|视频|语音|文件|链接|位置|红包|动画表情|表情)\]|"  # what a chat leaves out where it is exported
    r"记者|通讯员|作者|编辑|摄影|供图|提供|来源|日期|责编|撰文|电话|网址|\d{4}年|@"
)
# 教师：王某　周一上午; what stands behind a label is text.
_LABEL = re.compile(r"(?:^|\u3000|[ \xa0]{2}|\t)([\u4e00-\u9fff]{2,8}(?:[（(][^）)]{1,6}[）)])?)[：:](?=\s*\S)")
_HEAD_OF_RECORD = re.compile(
    r"(?![一二三四五六七八九十]+、|\d{1,2}[.、．])[^（(：:。；]{2,16}[（(][^（(）)：:。；]{1,10}[）)]"
)
_CODE = re.compile(r"[A-Za-z]?\d{2,6}(?=[\s\u3000、.．])")  # 101　楷书入门


def plain_headings(text: str) -> list[Heading]:
    """Find the headings of a plain text: numbered ones, and short lines without end punctuation before text.

    Captions, bylines, list items and lines of records (教师：王某) are not headings. Consecutive lines without a
    blank line form one heading. An unnumbered heading right after another lies below it; after text it is on the level
    of the last one. Those with a code of the same form are on one level.
    """
    lines = list(_without_contents(lines_of(text)))
    records = _records(lines)
    title, titled = official_title(lines)
    headings: list[Heading] = [title] if title else []
    levels = {"": UNNUMBERED}  # by the form of its code, of the last unnumbered heading with text below it
    deepest = UNNUMBERED
    previous: Heading | None = title  # the heading just before, if nothing stands between
    article = 0  # number of the last article
    below = _text_below(lines, records)
    for number, line in list(enumerate(lines))[titled:]:
        if records[number]:
            previous = None
        elif heading := numbered(line) or next_article(line, article):
            headings.append(heading)
            article = (article_of(heading.span.of(text)) or (article, 0))[0]
            previous = heading
        elif below[number] and (_looks_like_heading(line.text) or _heads_a_record(line.text, records[number + 1])):
            form = _form(line.text)
            if previous and previous.level >= UNNUMBERED and _adjacent(text, previous.span, line.span):
                heading = Heading(previous.level, Span(previous.span.start, line.span.end))
                headings[-1] = heading
            else:
                deeper = min(previous.level + 1, _DEEPEST) if previous and previous.level >= UNNUMBERED else 0
                known = levels.get(form, 0) if form or not deeper else 0
                heading = Heading(known or deeper or deepest, line.span)
                headings.append(heading)
            levels[form] = deepest = heading.level
            previous = heading
        elif not _aside(line.text):
            previous = None
    return headings


def _without_contents(lines: Iterator[Line]) -> Iterator[Line]:
    """Yield the lines without tables of contents: 目录, and lines that lead to a page."""
    within = False
    for line in lines:
        within = is_contents(line.text) or is_contents_entry(line.text, within=within)
        if not within:
            yield line


def _looks_like_heading(text: str) -> bool:
    if (
        len(text) > _UNNUMBERED_MAX_LENGTH
        or ENDS_A_SENTENCE.search(text)
        or not re.search(r"[\u4e00-\u9fa5A-Za-z]", text)
    ):
        return False
    return not _aside(text)


def _aside(text: str) -> bool:
    """Return whether a line is a caption, a byline, a list item or a red head: neither heading nor text."""
    aside = _NOT_A_HEADING.search(text) or BYLINE.match(text) or is_letterhead(text)
    return bool(aside) and not ENDS_A_SENTENCE.search(text)


def _records(lines: Sequence[Line]) -> list[bool]:
    """Return for each line whether it is one of a record: a label with a value that recurs. A numbered line is none."""
    labels = [[] if numbered(line) or is_numbered(line.text) else _LABEL.findall(line.text) for line in lines]
    counts = Counter(label for own in labels for label in own)
    return [any(counts[label] > 1 for label in own) for own in labels]


def _heads_a_record(text: str, above_record: bool) -> bool:
    """Return whether a line names the record right below it, with more in brackets: 民族舞（初级）."""
    return above_record and bool(_HEAD_OF_RECORD.fullmatch(text))


def _form(text: str) -> str:
    """Return the form of the code that a heading begins with: 000 for 101　楷书入门; empty without one."""
    code = _CODE.match(text)
    return re.sub(r"\d", "0", code[0]) if code else ""


def _text_below(lines: Sequence[Line], records: Sequence[bool]) -> list[bool]:
    """Return for each line whether text follows below it, with only headings and asides between."""
    below = [False] * len(lines)
    for number in range(len(lines) - 2, -1, -1):
        following = lines[number + 1]
        if records[number + 1] or ENDS_A_SENTENCE.search(following.text) or len(following.text) > MAX_LENGTH:
            below[number] = True
        elif _looks_like_heading(following.text) or _aside(following.text) or numbered(following):
            below[number] = below[number + 1]
    return below


def _adjacent(text: str, first: Span, second: Span) -> bool:
    return text.count("\n", first.end, second.start) <= 1
