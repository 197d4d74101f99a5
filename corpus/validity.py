"""Facts about a document besides its words: its issuer, and when it is in force."""

from dataclasses import dataclass, fields, replace
from datetime import date as Day
from datetime import timedelta
from typing import Any

# What staff may write about a document's standing: in force whatever texts say, out of force, a draft.
CURRENT, REPEALED, DRAFT = "现行", "失效", "草案"
# A revised text is called so before it is passed, and often still afterwards.
REVISED = "修订稿"
# The fields of `About` that are days.
DAYS = ("in_force_from", "in_force_until")


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """Issuer, number, dates and the like, as staff or the documents wrote them; empty if neither did.

    `in_force_from` and `in_force_until` are both included. `standing` is CURRENT, REPEALED or the document's own word
    for a draft. Fields named in `read` were not written by staff but read in documents; `reasons` holds the words for
    staff, as (field, sentence).
    """

    issuer: str = ""
    number: str = ""
    date: str = ""
    in_force_from: Day | None = None
    in_force_until: Day | None = None
    superseded_by: str = ""
    url: str = ""
    contact: str = ""
    standing: str = ""
    read: tuple[str, ...] = ()
    reasons: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        if self.in_force_from and self.in_force_until and self.in_force_from > self.in_force_until:
            raise ValueError(f"In force from {self.in_force_from} until {self.in_force_until} is no time at all")

    @property
    def written(self) -> "About":
        """Return what staff wrote, without what was read in documents."""
        if not self.read and not self.reasons:
            return self
        empty: dict[str, Any] = {part.name: part.default for part in fields(self) if part.name in self.read}
        return replace(self, **empty, read=(), reasons=())

    @property
    def is_draft(self) -> bool:
        """Return whether the document is a draft, which is never in force.

        A revised text that states since when it holds is none.
        """
        return self._is_called_draft and not (self.standing == REVISED and self.in_force_from)

    @property
    def _is_called_draft(self) -> bool:
        return self.standing not in ("", CURRENT, REPEALED)

    def out_of_force(self, today: Day) -> str:
        """Return why the document does not hold on that day, in a few words for citizens; empty if it does.

        A superseded document is out of force at once, unless it states until when it holds.
        """
        if self._is_called_draft and (self.is_draft or self._is_early(today)):
            return f"是{self.standing}，不是正式文件"
        if self.in_force_from and today < self.in_force_from:
            return f"尚未生效，自{in_words(self.in_force_from)}起施行"
        if self.in_force_until and today > self.in_force_until:
            return f"已于{in_words(self.in_force_until)}到期失效{self._successor('，')}"
        ended = self.standing == REPEALED or (self.superseded_by and not self.in_force_until)
        return f"已失效{self._successor('，')}" if ended else ""

    def changes(self, today: Day) -> tuple[Day, ...]:
        """Return the days after `today` on which the document begins to hold, or holds no more."""
        until = self.in_force_until
        ends = until + timedelta(days=1) if until and until < Day.max else None
        days = () if self.is_draft else (self.in_force_from, ends)
        return tuple(day for day in days if day and day > today)

    def why(self, today: Day) -> tuple[str, ...]:
        """Return the words of documents that put this one out of force on that day; empty if staff's own do."""
        early = self._is_early(today) and not self._is_called_draft
        return tuple(dict.fromkeys(words for field, words in self.reasons if (field == "in_force_from") == early))

    def _is_early(self, today: Day) -> bool:
        return bool(self.in_force_from and today < self.in_force_from)

    def _successor(self, comma: str) -> str:
        return f"{comma}由“{self.superseded_by}”替代" if self.superseded_by else ""


ABOUT = tuple(part.name for part in fields(About))


def in_words(day: Day) -> str:
    """Return a date as documents write it: 2024年3月1日."""
    return f"{day.year}年{day.month}月{day.day}日"
