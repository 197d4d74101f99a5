"""The title that a document is called by: its first heading, its first line, or the name of its file."""

import re
from collections.abc import Sequence
from pathlib import PurePosixPath

from corpus.document import Heading
from corpus.text.headings.lines import first_lines
from corpus.text.headings.numbered import ARTICLE
from corpus.text.headings.official import MOST_TITLE_LINES, NAMES_KIND, below_issuers, below_masthead, may_be_a_title
from corpus.text.headings.paths import on_one_line
from corpus.text.letterhead import is_letterhead

_LABEL = re.compile(ARTICLE)
# The number of an issue, below the masthead of minutes and bulletins.
_ISSUE = re.compile(
    r"[〔［\[（(]\s*(?:19|20)\d\d\s*[〕］\]）)]\s*第?\s*\d{1,4}\s*[号期]|(?:19|20)\d\d年?\s*第\s*\d{1,4}\s*期|第\s*\d{1,4}\s*期"
)
_MOST_MASTHEAD = 4  # lines
_NO_SUBJECT = re.compile(
    r"[\u4e00-\u9fa5（）()、 ]{2,30}(?:局|委|会|厅|部|办|室|院|府|署|队|站|所|处|中心|公司|集团|街道|学校|医院)"
    r"(?:公告|通告|通知|公示|通报|函|令|决定)"
)
_FIRST_PART = re.compile(r"第[一1][编章节](?:\s.{0,20})?|第[一1][编章节]\s*(?:总则|一般规定|概述)")
_HAN = re.compile(r"[\u4e00-\u9fa5]")
_LEAST_NAME = 6  # Chinese characters of a file's name that says what the file is about


def title_of(headings: Sequence[Heading], text: str) -> str:
    """Return the words of the first heading that is more than an article's label; empty if there is none.

    Below a masthead (某某办公室, 会议纪要, 〔2025〕第22期) the official title is the first one.
    """
    if below := _below_issue(text):
        return on_one_line(below)
    words = (on_one_line(heading.span.of(text)) for heading in headings)
    return next((each for each in words if not _LABEL.fullmatch(each)), "")


def title_of_plain(headings: Sequence[Heading], text: str) -> str:
    """Return the title of a plain text, which nothing marks: see `title_of`.

    A first line that is no sentence is the title even where it would be no heading further down: too long, with a year.
    """
    lines = first_lines(text, MOST_TITLE_LINES)
    below = _below_issue(text) or below_masthead([], text) or below_issuers(lines, 0)
    first = None if below else next(iter(lines), None)
    if first and may_be_a_title(first.text) and not any(heading.span.start <= first.span.start for heading in headings):
        return on_one_line(first.text)
    return title_of(headings, text)


def title_or_name(title: str, name: str) -> str:
    """Return a document's title; the name of its file without one, or without a subject: 某局公告, 第一章 总则."""
    stem = PurePosixPath(name).stem
    named = len(_HAN.findall(stem)) >= _LEAST_NAME and not _NO_SUBJECT.fullmatch(stem)
    without = _NO_SUBJECT.fullmatch(title) or (_FIRST_PART.fullmatch(title) and not _FIRST_PART.match(stem))
    return stem if not title or (without and named) else title


def _below_issue(text: str) -> str:
    """Return the official title on the line below the number of an issue among the first lines; empty without one."""
    first = [line.text.strip() for line in first_lines(text, _MOST_MASTHEAD + 2)]
    number = next((n for n, line in enumerate(first) if n and _ISSUE.fullmatch(line)), None)
    if number is None or not all(may_be_a_title(line) or is_letterhead(line) for line in first[:number]):
        return ""
    below = [line for line in first[number + 1 :] if may_be_a_title(line) and NAMES_KIND.search(line)]
    return below[0] if below else ""
