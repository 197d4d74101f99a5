"""The headings of a text that marks none: numbered ones, and short lines above text."""

import re
from collections.abc import Iterator, Sequence

from corpus.document import Heading, Span
from corpus.text.articles import article_of
from corpus.text.headings.lines import Line, lines_of
from corpus.text.headings.numbered import ENDS_A_SENTENCE, MAX_LENGTH, UNNUMBERED, next_article, numbered
from corpus.text.headings.official import BYLINE, official_title
from corpus.text.letterhead import is_contents, is_contents_entry, is_letterhead

_UNNUMBERED_MAX_LENGTH = 24
_DEEPEST = 30  # without an end each line of a list of names would lie below the one before it
_NOT_A_HEADING = re.compile(
    r"——|—$|^[（(▲△●•·\-]|^图\d*|^[\d\s.,%％:：/-]+$|"  # captions, list items, bare figures and dates
    r"^\[(?:图片|照片|视频|语音|文件|链接|位置|红包|动画表情|表情)\]|"  # what a chat leaves out where it is exported
    r"记者|通讯员|作者|编辑|摄影|供图|提供|来源|日期|责编|撰文|电话|网址|\d{4}年|@"
)


def plain_headings(text: str) -> list[Heading]:
    """Find the headings of a plain text: numbered ones, and short lines without end punctuation before text.

    Captions, bylines and list items are not headings. Consecutive lines without a blank line form one heading.
    An unnumbered heading right after another lies below it; after text it is on the level of the last one.
    """
    lines = list(_without_contents(lines_of(text)))
    title, titled = official_title(lines)
    headings: list[Heading] = [title] if title else []
    deepest = UNNUMBERED  # level of the last unnumbered heading with text below it
    previous: Heading | None = title  # the heading just before, if nothing stands between
    article = 0  # number of the last article
    for line, text_below in list(zip(lines, _text_below(lines), strict=True))[titled:]:
        if heading := numbered(line) or next_article(line, article):
            headings.append(heading)
            article = (article_of(heading.span.of(text)) or (article, 0))[0]
            previous = heading
        elif _looks_like_heading(line.text) and text_below:
            if previous and previous.level >= UNNUMBERED and _adjacent(text, previous.span, line.span):
                heading = Heading(previous.level, Span(previous.span.start, line.span.end))
                headings[-1] = heading
            else:
                below = min(previous.level + 1, _DEEPEST) if previous and previous.level >= UNNUMBERED else deepest
                heading = Heading(below, line.span)
                headings.append(heading)
            deepest, previous = heading.level, heading
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


def _text_below(lines: Sequence[Line]) -> list[bool]:
    """Return for each line whether text follows below it, with only headings and asides between."""
    below = [False] * len(lines)
    for number in range(len(lines) - 2, -1, -1):
        following = lines[number + 1]
        if ENDS_A_SENTENCE.search(following.text) or len(following.text) > MAX_LENGTH:
            below[number] = True
        elif _looks_like_heading(following.text) or _aside(following.text) or numbered(following):
            below[number] = below[number + 1]
    return below


def _adjacent(text: str, first: Span, second: Span) -> bool:
    return text.count("\n", first.end, second.start) <= 1
