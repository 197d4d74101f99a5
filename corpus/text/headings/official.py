"""The title of an official document, which stands on several lines, below who issues it and the number of it."""

import re
from collections.abc import Sequence

from corpus.document import Heading, Span
from corpus.text.headings.lines import Line, first_lines
from corpus.text.headings.numbered import UNNUMBERED, numbered
from corpus.text.letterhead import is_letterhead, masthead, names_issuer

_LONGEST_TITLE = 50
_SAYS_MORE = re.compile(r"[。；;：:|]|[！？!?，,、…]$|^[▲△●•·\-]")
_CREDIT = re.compile(r"记者|通讯员|作者|编辑|摄影|供图|来源|责编|撰文|电话|网址|@")
_YEAR = re.compile(r"\d{4}年(?:\d{1,2}月(?:\d{1,2}日)?)?")
# The title of an official document: who issues it, and 关于……的通知 below, on lines of their own.
_SUBJECT = re.compile(r"\s*关\s*于")
NAMES_KIND = re.compile(
    r"(?:通\s*知|公\s*告|通\s*告|通\s*报|公\s*示|意\s*见|决\s*定|决\s*议|批\s*复|函|请\s*示|报\s*告|纪要|说明|办法|方案|规定|细则|计划|规划|答复)"
    r"(?:\s*[（(][^（()）]{1,12}[）)])?$"
)
# What an order or an announcement issues: 云溪县养犬管理条例, named in it as 《…》已经…通过，现予公布.
_RULE = re.compile(r"(?:条例|规则|规程|规范|标准|章程|制度|预案|指南|措施|准则|法)(?:\s*[（(][^（()）]{1,20}[）)])?$")
_ENACTS = re.compile(r"《([^《》]{4,60})》[^。]{0,80}(?:公布|发布|印发|施行)")
_PLACE = 2  # characters that the names of offices of one place, and what they issue, begin with
_BRACKETED = re.compile(r"[（(][^（()）]{1,30}[）)]")
_MOST_ORDER = 10  # lines between the number of an order and the title of what it issues
_MOST_ISSUERS, _MOST_SUBJECT_LINES = 3, 3
MOST_TITLE_LINES = 12  # with letterheads
BYLINE = re.compile(r"^[\u4e00-\u9fa5·]{2,4}(?:[ \u3000、][\u4e00-\u9fa5·]{2,4})+$")


def official_title(lines: Sequence[Line]) -> tuple[Heading | None, int]:
    """Return the title that stands on several of the first lines, and how many lines end with it; else None and 0.

    Below a masthead (云溪县民政局, 云民发〔2025〕12号) it may stand on one line.
    """
    head = masthead([line.text for line in lines[:MOST_TITLE_LINES]])
    first = head or next((number for number, line in enumerate(lines) if not is_letterhead(line.text)), 0)
    below = range(first, min(first + _MOST_ISSUERS + 1, len(lines)))
    subject = next((number for number in below if _SUBJECT.match(lines[number].text)), None)
    if subject is None:
        if not head and (own := below_issuers(lines, first)):
            return own
        number = _issued(lines, head) if head else None
        return (Heading(UNNUMBERED, lines[number].span), number + 1) if number else (None, 0)
    for last in range(subject, min(subject + _MOST_SUBJECT_LINES, len(lines) - 1)):
        if len(lines[last].text) > _LONGEST_TITLE or _SAYS_MORE.search(lines[last].text):
            break
        if NAMES_KIND.search(lines[last].text):
            issuers = all(may_be_a_title(line.text) for line in lines[first:subject])
            span = Span(lines[first].span.start, lines[last].span.end)
            return (Heading(UNNUMBERED, span), last + 1) if issuers and (head or last > first) else (None, 0)
    # Below a masthead what begins with 关于 is the title, whatever it ends with: 关于国庆节放假安排.
    if head and may_be_a_title(lines[subject].text):
        return Heading(UNNUMBERED, lines[subject].span), subject + 1
    return None, 0


def below_issuers(lines: Sequence[Line], first: int) -> tuple[Heading, int] | None:
    """Return the title below lines of who issues it, and how many lines end with it, where it names the place itself.

    云溪县民政局, 云溪县财政局, 云溪县临时救助办法. What names no place is none without the office: 局长办公会议纪要.
    """
    issuers = 0
    while issuers < _MOST_ISSUERS and first + issuers < len(lines) and names_issuer(lines[first + issuers].text):
        issuers += 1
    if not issuers or first + issuers >= len(lines):
        return None
    place, line = lines[first].text.strip()[:_PLACE], lines[first + issuers]
    if not line.text.startswith(place) or not may_be_a_title(line.text) or names_issuer(line.text):
        return None
    if not (_RULE.search(line.text) or NAMES_KIND.search(line.text)):
        return None
    end = first + issuers + 1
    below = lines[end] if end < len(lines) and _BRACKETED.fullmatch(lines[end].text.strip()) else line
    return Heading(UNNUMBERED, Span(line.span.start, below.span.end)), end + (below is not line)


def _issued(lines: Sequence[Line], head: int) -> int | None:
    """Return which line is the title of what is issued below a masthead of so many lines; None without one."""
    if head < len(lines) and may_be_a_title(lines[head].text):
        words = lines[head].text
        return head if _RULE.search(words) or NAMES_KIND.search(words) else None
    for number, line in enumerate(lines[head : head + _MOST_ORDER], start=head):
        if enacted := _ENACTS.search(line.text):
            named = "".join(enacted[1].split())
            below = range(number + 1, min(number + _MOST_ORDER, len(lines)))
            return next((n for n in below if "".join(lines[n].text.split()) == named), None)
    return None


def ends_a_title(line: str, *, whole: bool) -> bool:
    """Return whether a line is an official title from 关于 on; where it need not be `whole`, or the end of one."""
    kind = NAMES_KIND.search(line)
    return kind is not None and bool(_SUBJECT.match(line) or (not whole and line[: kind.start()].endswith("的")))


def with_whole_title(headings: Sequence[Heading], text: str) -> list[Heading]:
    """Return headings that a file marks, with those that are lines of one official title as one."""
    title, _ = official_title(first_lines(text, MOST_TITLE_LINES))
    parts = [heading for heading in headings if title and heading.span.lies_in(title.span)]
    if not title or len(parts) < 2:
        return list(headings)
    whole = Heading(parts[0].level, title.span)
    return [whole, *(heading for heading in headings if heading.span.start >= title.span.end)]


def below_masthead(headings: Sequence[Heading], text: str) -> list[Heading]:
    """Return headings without who issues a document by number: its title, on the lines below, is the first one."""
    first = first_lines(text, MOST_TITLE_LINES + _MOST_ORDER)
    title, _ = official_title(first) if masthead([line.text for line in first]) else (None, 0)
    if not title:
        return list(headings)
    marked = [heading for heading in headings if heading.span.start >= title.span.start]
    if marked and title.span.lies_in(marked[0].span):
        return marked  # the file marks more as the title: a line in brackets below it
    before = [heading.level for heading in headings if heading.span.start < title.span.end]
    kept = [heading for heading in headings if heading.span.start >= title.span.end]
    return [Heading(min(before or [heading.level for heading in kept], default=1), title.span), *kept]


def may_be_a_title(line: str) -> bool:
    """Return whether a first line may be a title: short, no sentence or field, more than a date or who wrote it."""
    rest = _YEAR.sub("", line)
    if len(line) > _LONGEST_TITLE or _SAYS_MORE.search(line) or is_letterhead(line) or numbered(Line(Span(0, 1), line)):
        return False
    return len(re.findall(r"[\u4e00-\u9fa5]", rest)) >= 4 and not _CREDIT.search(rest) and not BYLINE.match(line)
