"""A reviewed answer as staff see and write it, and the limits of its fields."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from corpus.document import Document
from qa.answering.reply import MAX_QUOTE
from qa.answering.screening import MAX_QUESTION, clean
from qa.runtime.errors import Unfit
from qa.storage import versioned_rows
from qa.storage.reviewed_answers import LIVE, Source, Stored, Written

MOST_TEXT, MOST_QUESTIONS = 500, 30
# What these words name changes at the end of the year or sooner.
_OF_THIS_YEAR = re.compile(r"今年|本年|去年|明年|本月|上个?月|下个?月|本周|上周|下周|今天|昨天|明天")


@dataclass(frozen=True, slots=True)
class ReviewedAnswer(Written):
    """A reviewed answer as it stands today; `why` is the reason for a new review.

    Citizens see the last approved version of a live answer until its `draft` is approved. `authors` are all who wrote
    in it since the last approval; a draft has its own.
    """

    why: str
    version: int
    changed_by: str
    changed_at: str
    approved_by: str
    authors: tuple[str, ...] = ()
    draft: "ReviewedAnswer | None" = None

    @property
    def waits(self) -> bool:
        """Return whether there is something to approve."""
        return self.draft is not None or self.state != LIVE

    @property
    def waiting(self) -> "ReviewedAnswer":
        """Return what an approval would show to citizens: the draft, or the answer itself without a draft."""
        return self.draft or self

    def as_json(self) -> dict[str, Any]:
        content = {name: getattr(self, name) for name in self.__dataclass_fields__}
        source = {name: getattr(self.source, name) for name in self.source.__dataclass_fields__}
        draft = self.draft.as_json() if self.draft else None
        return {**content, "expires_on": self.expires_on.isoformat(), "source": source, "draft": draft}


@dataclass(frozen=True, slots=True)
class Near:
    """A reviewed answer near a question: their similarity (cosine, -1 to 1), and whether citizens would get it."""

    answer: ReviewedAnswer
    similarity: float
    matches: bool


def as_seen(answer: Stored, state: str, *, why: str = "", draft: ReviewedAnswer | None = None) -> ReviewedAnswer:
    """Return a stored answer as staff see it, in `state`, with `why` it needs a new review and its `draft`."""
    return ReviewedAnswer(
        answer.id,
        answer.questions,
        answer.text,
        answer.owner,
        answer.expires_on,
        answer.source,
        state,
        why,
        answer.version,
        answer.changed_by,
        answer.changed_at,
        answer.approved_by,
        answer.authors,
        draft,
    )


def values_of(questions: Sequence[str], text: str, owner: str, expires_on: date, source: Source) -> dict[str, Any]:
    """Return the columns of a row, checked. Raises `Unfit`."""
    asked = list(dict.fromkeys(filter(None, (clean(question) for question in questions))))
    if not asked:
        raise Unfit("请填写至少一个问题")
    if len(asked) > MOST_QUESTIONS:
        raise Unfit(f"问法有{len(asked)}个，最多{MOST_QUESTIONS}个")
    for question in asked:
        versioned_rows.filled(question, "问题", most=MAX_QUESTION)
    if expires_on < (today := date.today()):
        raise Unfit(f"有效期{expires_on}已经过去，请填今天以后的日期")
    if (relative := _relative(asked)) and expires_on.year > today.year:
        raise Unfit(f"问题里有“{relative}”，过了年意思就变了：有效期不能超过{today.year}年12月31日，或在问题里写明年份")
    if len(source.words) > MAX_QUOTE:
        raise Unfit(f"出处原文有{len(source.words)}个字，最多{MAX_QUOTE}个，请只选作为依据的那一句")
    return {
        "questions": json.dumps(asked, ensure_ascii=False),
        "text": versioned_rows.filled(text, "答案", most=MOST_TEXT),
        "owner": versioned_rows.filled(owner, "负责人", most=60),
        "expires_on": expires_on.isoformat(),
        "document": source.document,
        "content_hash": source.content_hash,
        "snapshot": source.snapshot,
        "start": source.start,
        "end": source.end,
        "words": source.words,
    }


def lasts_until(questions: Sequence[str], day: date, *, today: date) -> date:
    """Return `day`, or the end of this year where a question names a time that means another one next year."""
    return min(day, date(today.year, 12, 31)) if _relative(questions) else day


def _relative(questions: Sequence[str]) -> str:
    return next((match.group() for question in questions if (match := _OF_THIS_YEAR.search(question))), "")


def source_of(document: Document, snapshot: str, start: int, end: int) -> Source:
    """Return the words `[start, end)` of a document as a source. Raises `Unfit` if there are none."""
    words = document.text[max(0, start) : max(0, end)]
    if not words.strip() or len(words) != end - start:
        raise Unfit(f"“{document.name}”里没有第{start}到{end}字，请在文件里重新选定出处")
    # Outer white space would be invisible but highlighted.
    start += len(words) - len(words.lstrip())
    end = start + len(words.strip())
    return Source(document.name, document.content_hash, snapshot, start, end, words.strip())
