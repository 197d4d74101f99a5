"""Headings of plain Chinese text, and the heading path of any place in a document."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from corpus.document import Heading, Span
from corpus.text.articles import LABEL, article_of, labelled
from corpus.text.letterhead import (
    closed_up,
    is_contents,
    is_contents_entry,
    is_letterhead,
    masthead,
    names_issuer,
)
from corpus.text.numerals import ORDINAL_SIGN

_NUMERAL = rf"{ORDINAL_SIGN}+"
_ARTICLE = rf"第{_NUMERAL}条(?:之[一二三四五六七八九十\d]+)?"
# Levels of numbered headings, as official documents use them (GB/T 9704: 一、（一）1. （1）).
_NUMBERED: tuple[tuple[int, re.Pattern[str]], ...] = (
    (1, re.compile(rf"第{_NUMERAL}[编篇部]分?(?=\s|$)")),
    (2, re.compile(rf"第{_NUMERAL}章(?=\s|$)")),
    (3, re.compile(rf"第{_NUMERAL}节(?=\s|$)")),
    (4, re.compile(rf"{_ARTICLE}(?=\s|$|[：:])")),
    (5, re.compile(r"[一二三四五六七八九十]+、")),
    (6, re.compile(r"[（(][一二三四五六七八九十]+[）)]")),
)
_LABEL = re.compile(_ARTICLE)
_FIGURED = re.compile(r"\d{1,2}(?:\.\d{1,2})*(?:[.．、]|\s)\s*\D")
_ARTICLE_LEVEL = 4
_GOES_ON = re.compile(r"[的、，,；;。和及至或所之第（(]|规定|中|以及|到|与")  # a sentence that cites an article
_MAX_LENGTH = 40
_UNNUMBERED_MAX_LENGTH = 24
UNNUMBERED = 7  # below every numbered level; consecutive headings without text between lie deeper
_DEEPEST = 30  # without an end each line of a list of names would lie below the one before it
LONGEST_SHOWN = 300  # characters of a heading above a passage; each passage keeps them
_ENDS_A_SENTENCE = re.compile(r"[。！？!?；;：:，,、…）)”’」』.]$")
_NOT_A_HEADING = re.compile(
    r"——|—$|^[（(▲△●•·\-]|^图\d*|^[\d\s.,%％:：/-]+$|"  # captions, list items, bare figures and dates
    r"记者|通讯员|作者|编辑|摄影|供图|提供|来源|日期|责编|撰文|电话|网址|\d{4}年|@"
)
_LONGEST_TITLE = 50
_SAYS_MORE = re.compile(r"[。；;：:|]|[！？!?，,、…]$|^[▲△●•·\-]")
_CREDIT = re.compile(r"记者|通讯员|作者|编辑|摄影|供图|来源|责编|撰文|电话|网址|@")
_YEAR = re.compile(r"\d{4}年(?:\d{1,2}月(?:\d{1,2}日)?)?")
# The title of an official document: who issues it, and 关于……的通知 below, on lines of their own.
_SUBJECT = re.compile(r"\s*关\s*于")
_NAMES_KIND = re.compile(
    r"(?:通\s*知|公\s*告|通\s*告|通\s*报|公\s*示|意\s*见|决\s*定|决\s*议|批\s*复|函|请\s*示|报\s*告|纪要|说明|办法|方案|规定|细则|计划|规划|答复)"
    r"(?:\s*[（(][^（()）]{1,12}[）)])?$"
)
# What an order or an announcement issues: 云溪县养犬管理条例, named in it as 《…》已经…通过，现予公布.
_RULE = re.compile(r"(?:条例|规则|规程|规范|标准|章程|制度|预案|指南|措施|准则|法)(?:\s*[（(][^（()）]{1,20}[）)])?$")
_ENACTS = re.compile(r"《([^《》]{4,60})》[^。]{0,80}(?:公布|发布|印发|施行)")
_PLACE = 2  # characters that the names of offices of one place, and what they issue, begin with
_BRACKETED = re.compile(r"[（(][^（()）]{1,30}[）)]")
_MOST_ORDER = 10  # lines between the number of an order and the title of what it issues
# The number of an issue, below the masthead of minutes and bulletins.
_ISSUE = re.compile(
    r"[〔［\[（(]\s*(?:19|20)\d\d\s*[〕］\]）)]\s*第?\s*\d{1,4}\s*[号期]|(?:19|20)\d\d年?\s*第\s*\d{1,4}\s*期|第\s*\d{1,4}\s*期"
)
_MOST_MASTHEAD = 4  # lines
_NO_SUBJECT = re.compile(
    r"[\u4e00-\u9fa5（）()、 ]{2,30}(?:局|委|会|厅|部|办|室|院|府|署|队|站|所|处|中心|公司|集团|街道|学校|医院)"
    r"(?:公告|通告|通知|公示|通报|函|令|决定)"
)
_HAN = re.compile(r"[\u4e00-\u9fa5]")
_LEAST_NAME = 6  # Chinese characters of a file's name that says what the file is about
_WRAPPED = re.compile(r"(?<=[\u2e80-\uffee])\s*\n\s*(?=[\u2e80-\uffee])")
_MOST_ISSUERS, _MOST_SUBJECT_LINES = 3, 3
_MOST_TITLE_LINES = 12  # with letterheads
_BYLINE = re.compile(r"^[\u4e00-\u9fa5·]{2,4}(?:[ \u3000、][\u4e00-\u9fa5·]{2,4})+$")


@dataclass(frozen=True, slots=True)
class _Line:
    span: Span
    text: str


def plain_headings(text: str) -> list[Heading]:
    """Find the headings of a plain text: numbered ones, and short lines without end punctuation before text.

    Captions, bylines and list items are not headings. Consecutive lines without a blank line form one heading.
    An unnumbered heading right after another lies below it; after text it is on the level of the last one.
    """
    lines = list(_without_contents(_lines(text)))
    title, titled = _official_title(lines)
    headings: list[Heading] = [title] if title else []
    deepest = UNNUMBERED  # level of the last unnumbered heading with text below it
    previous: Heading | None = title  # the heading just before, if nothing stands between
    article = 0  # number of the last article
    for line, text_below in list(zip(lines, _text_below(lines), strict=True))[titled:]:
        if heading := _numbered(line) or _next_article(line, article):
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


def _official_title(lines: Sequence[_Line]) -> tuple[Heading | None, int]:
    """Return the title that stands on several of the first lines, and how many lines end with it; else None and 0.

    Below a masthead (云溪县民政局, 云民发〔2025〕12号) it may stand on one line.
    """
    head = masthead([line.text for line in lines[:_MOST_TITLE_LINES]])
    first = head or next((number for number, line in enumerate(lines) if not is_letterhead(line.text)), 0)
    below = range(first, min(first + _MOST_ISSUERS + 1, len(lines)))
    subject = next((number for number in below if _SUBJECT.match(lines[number].text)), None)
    if subject is None:
        if not head and (own := _below_issuers(lines, first)):
            return own
        number = _issued(lines, head) if head else None
        return (Heading(UNNUMBERED, lines[number].span), number + 1) if number else (None, 0)
    for last in range(subject, min(subject + _MOST_SUBJECT_LINES, len(lines) - 1)):
        if len(lines[last].text) > _LONGEST_TITLE or _SAYS_MORE.search(lines[last].text):
            break
        if _NAMES_KIND.search(lines[last].text):
            issuers = all(_titles(line.text) for line in lines[first:subject])
            span = Span(lines[first].span.start, lines[last].span.end)
            return (Heading(UNNUMBERED, span), last + 1) if issuers and (head or last > first) else (None, 0)
    # Below a masthead what begins with 关于 is the title, whatever it ends with: 关于国庆节放假安排.
    return (
        (Heading(UNNUMBERED, lines[subject].span), subject + 1) if head and _titles(lines[subject].text) else (None, 0)
    )


def _below_issuers(lines: Sequence[_Line], first: int) -> tuple[Heading, int] | None:
    """Return the title below lines of who issues it, and how many lines end with it, where it names the place itself.

    云溪县民政局, 云溪县财政局, 云溪县临时救助办法. What names no place is none without the office: 局长办公会议纪要.
    """
    issuers = 0
    while issuers < _MOST_ISSUERS and first + issuers < len(lines) and names_issuer(lines[first + issuers].text):
        issuers += 1
    if not issuers or first + issuers >= len(lines):
        return None
    place, line = lines[first].text.strip()[:_PLACE], lines[first + issuers]
    if not line.text.startswith(place) or not _titles(line.text) or names_issuer(line.text):
        return None
    if not (_RULE.search(line.text) or _NAMES_KIND.search(line.text)):
        return None
    end = first + issuers + 1
    below = lines[end] if end < len(lines) and _BRACKETED.fullmatch(lines[end].text.strip()) else line
    return Heading(UNNUMBERED, Span(line.span.start, below.span.end)), end + (below is not line)


def _issued(lines: Sequence[_Line], head: int) -> int | None:
    """Return which line is the title of what is issued below a masthead of so many lines; None without one."""
    if head < len(lines) and _titles(lines[head].text):
        words = lines[head].text
        return head if _RULE.search(words) or _NAMES_KIND.search(words) else None
    for number, line in enumerate(lines[head : head + _MOST_ORDER], start=head):
        if enacted := _ENACTS.search(line.text):
            named = "".join(enacted[1].split())
            below = range(number + 1, min(number + _MOST_ORDER, len(lines)))
            return next((n for n in below if "".join(lines[n].text.split()) == named), None)
    return None


def ends_a_title(line: str, *, whole: bool) -> bool:
    """Return whether a line is an official title from 关于 on; where it need not be `whole`, or the end of one."""
    kind = _NAMES_KIND.search(line)
    return kind is not None and bool(_SUBJECT.match(line) or (not whole and line[: kind.start()].endswith("的")))


def with_whole_title(headings: Sequence[Heading], text: str) -> list[Heading]:
    """Return headings that a file marks, with those that are lines of one official title as one."""
    title, _ = _official_title([line for _, line in zip(range(_MOST_TITLE_LINES), _lines(text), strict=False)])
    parts = [heading for heading in headings if title and heading.span.lies_in(title.span)]
    if not title or len(parts) < 2:
        return list(headings)
    whole = Heading(parts[0].level, title.span)
    return [whole, *(heading for heading in headings if heading.span.start >= title.span.end)]


def below_masthead(headings: Sequence[Heading], text: str) -> list[Heading]:
    """Return headings without who issues a document by number: its title, on the lines below, is the first one."""
    first = [line for _, line in zip(range(_MOST_TITLE_LINES + _MOST_ORDER), _lines(text), strict=False)]
    title, _ = _official_title(first) if masthead([line.text for line in first]) else (None, 0)
    if not title:
        return list(headings)
    marked = [heading for heading in headings if heading.span.start >= title.span.start]
    if marked and title.span.lies_in(marked[0].span):
        return marked  # the file marks more as the title: a line in brackets below it
    before = [heading.level for heading in headings if heading.span.start < title.span.end]
    kept = [heading for heading in headings if heading.span.start >= title.span.end]
    return [Heading(min(before or [heading.level for heading in kept], default=1), title.span), *kept]


def on_one_line(words: str) -> str:
    """Return a heading on one line; what it is about (关于……) is written together, and follows who issues it."""
    issuers, about, subject = words.partition("\n关于")
    if about:
        return closed_up(" ".join(issuers.split())) + "关于" + _WRAPPED.sub("", subject)
    return closed_up(" ".join(words.split()))


def is_numbered(text: str) -> bool:
    """Return whether words are those of a numbered heading, as 第一章 总则, 一、依据, 1.1 范围."""
    return bool(_numbered(_Line(Span(0, len(text)), text)) or _FIGURED.match(text))


def title_of(headings: Sequence[Heading], text: str) -> str:
    """Return the words of the first heading that is more than an article's label; empty if there is none.

    Below a masthead (某某办公室, 会议纪要, 〔2025〕第22期) the official title is the first one.
    """
    if below := _below_masthead(text):
        return on_one_line(below)
    words = (on_one_line(heading.span.of(text)) for heading in headings)
    return next((each for each in words if not _LABEL.fullmatch(each)), "")


def _below_masthead(text: str) -> str:
    """Return the official title on the line below the number of an issue among the first lines; empty without one."""
    first = [line.text.strip() for _, line in zip(range(_MOST_MASTHEAD + 2), _lines(text), strict=False)]
    number = next((n for n, line in enumerate(first) if n and _ISSUE.fullmatch(line)), None)
    if number is None or not all(_titles(line) or is_letterhead(line) for line in first[:number]):
        return ""
    below = [line for line in first[number + 1 :] if _titles(line) and _NAMES_KIND.search(line)]
    return below[0] if below else ""


def title_of_plain(headings: Sequence[Heading], text: str) -> str:
    """Return the title of a plain text, which nothing marks: see `title_of`.

    A first line that is no sentence is the title even where it would be no heading further down: too long, with a year.
    """
    lines = [line for _, line in zip(range(_MOST_TITLE_LINES), _lines(text), strict=False)]
    below = _below_masthead(text) or below_masthead([], text) or _below_issuers(lines, 0)
    first = None if below else next(iter(lines), None)
    if first and _titles(first.text) and not any(heading.span.start <= first.span.start for heading in headings):
        return on_one_line(first.text)
    return title_of(headings, text)


def title_or_name(title: str, name: str) -> str:
    """Return a document's title; the name of its file where there is none, or one without a subject: 某局公告."""
    stem = PurePosixPath(name).stem
    named = len(_HAN.findall(stem)) >= _LEAST_NAME and not _NO_SUBJECT.fullmatch(stem)
    return stem if not title or (_NO_SUBJECT.fullmatch(title) and named) else title


def _titles(line: str) -> bool:
    """Return whether a first line may be a title: short, no sentence or field, more than a date or who wrote it."""
    rest = _YEAR.sub("", line)
    if (
        len(line) > _LONGEST_TITLE
        or _SAYS_MORE.search(line)
        or is_letterhead(line)
        or _numbered(_Line(Span(0, 1), line))
    ):
        return False
    return len(re.findall(r"[\u4e00-\u9fa5]", rest)) >= 4 and not _CREDIT.search(rest) and not _BYLINE.match(line)


class HeadingPaths:
    """Finds the headings above any position of a document without scanning all headings before it."""

    def __init__(self, headings: Sequence[Heading], text: str) -> None:
        self._headings = headings
        self._text = text
        self._above: list[int] = []  # for each heading the index of the one above it, -1 for none
        open_ones: list[int] = []
        for number, heading in enumerate(headings):
            while open_ones and headings[open_ones[-1]].level >= heading.level:
                open_ones.pop()
            self._above.append(open_ones[-1] if open_ones else -1)
            open_ones.append(number)

    def at(self, position: int) -> tuple[str, ...]:
        """Return the headings above `position`, the highest first, each on one line and cut to `LONGEST_SHOWN`."""
        number = bisect_right(self._headings, position, key=lambda heading: heading.span.start) - 1
        path = []
        while number >= 0:
            path.append(on_one_line(self._headings[number].span.of(self._text)[:LONGEST_SHOWN]))
            number = self._above[number]
        return tuple(reversed(path))


def heading_path(headings: Sequence[Heading], text: str, position: int) -> tuple[str, ...]:
    """Return the headings above `position`; see `HeadingPaths.at`."""
    return HeadingPaths(headings, text).at(position)


def _lines(text: str) -> Iterator[_Line]:
    for match in re.finditer(r"[^\r\n]+", text):
        stripped = match.group().strip()
        if stripped:
            start = match.start() + match.group().index(stripped)
            yield _Line(Span(start, start + len(stripped)), stripped)


def _without_contents(lines: Iterator[_Line]) -> Iterator[_Line]:
    """Yield the lines without tables of contents: 目录, and lines that lead to a page."""
    within = False
    for line in lines:
        within = is_contents(line.text) or is_contents_entry(line.text, within=within)
        if not within:
            yield line


def _numbered(line: _Line) -> Heading | None:
    for level, pattern in _NUMBERED:
        if match := pattern.match(line.text):
            if len(line.text) <= _MAX_LENGTH and not _ENDS_A_SENTENCE.search(line.text):
                return Heading(level, line.span)
            if level <= 4:  # 第三条 办理……。: the label is the heading, the rest is text
                return Heading(level, Span(line.span.start, line.span.start + match.end()))
    return None


def _next_article(line: _Line, last: int) -> Heading | None:
    """Return an article's label without a space after it, if its number is the next: 第四条办理……。 Else None."""
    match = LABEL.match(line.text)
    if match and labelled(match)[0] == last + 1 and not _GOES_ON.match(line.text, match.end()):
        return Heading(_ARTICLE_LEVEL, Span(line.span.start, line.span.start + match.end()))
    return None


def _looks_like_heading(text: str) -> bool:
    if (
        len(text) > _UNNUMBERED_MAX_LENGTH
        or _ENDS_A_SENTENCE.search(text)
        or not re.search(r"[\u4e00-\u9fa5A-Za-z]", text)
    ):
        return False
    return not _aside(text)


def _aside(text: str) -> bool:
    """Return whether a line is a caption, a byline, a list item or a red head: neither heading nor text."""
    aside = _NOT_A_HEADING.search(text) or _BYLINE.match(text) or is_letterhead(text)
    return bool(aside) and not _ENDS_A_SENTENCE.search(text)


def _text_below(lines: Sequence[_Line]) -> list[bool]:
    """Return for each line whether text follows below it, with only headings and asides between."""
    below = [False] * len(lines)
    for number in range(len(lines) - 2, -1, -1):
        following = lines[number + 1]
        if _ENDS_A_SENTENCE.search(following.text) or len(following.text) > _MAX_LENGTH:
            below[number] = True
        elif _looks_like_heading(following.text) or _aside(following.text) or _numbered(following):
            below[number] = below[number + 1]
    return below


def _adjacent(text: str, first: Span, second: Span) -> bool:
    return text.count("\n", first.end, second.start) <= 1
