"""What is known about a document besides its words: who issued it, from when and until when it holds."""

from dataclasses import dataclass, fields, replace
from datetime import date as Day

# What staff may write of a document's standing: in force, whatever texts say; out of force; a draft.
CURRENT, REPEALED, DRAFT = "现行", "失效", "草案"


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """Issuing body, number, dates and the like, as staff or the documents wrote them; empty where neither did.

    Both days of `in_force_from` and `in_force_until` are in force themselves. `standing` is CURRENT, REPEALED or the
    document's own word for a draft. The fields named in `read` are not staff's but read in the documents, and `reasons`
    say for staff in which words: field, sentence.
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
        """What staff wrote, without what was read in the documents."""
        empty = {part.name: part.default for part in fields(self) if part.name in self.read}
        return replace(self, **empty, read=(), reasons=())

    @property
    def is_draft(self) -> bool:
        """Whether the document is a draft, which never was in force."""
        return self.standing not in ("", CURRENT, REPEALED)

    def out_of_force(self, today: Day) -> str:
        """Why the document does not hold on that day, in a few words for citizens; empty when it does.

        A document superseded by another is out of force at once, unless it says until when it holds.
        """
        if self.is_draft:
            return f"是{self.standing}，不是正式文件"
        if self.in_force_from and today < self.in_force_from:
            return f"尚未生效，自{_day(self.in_force_from)}起施行"
        if self.in_force_until and today > self.in_force_until:
            return f"已于{_day(self.in_force_until)}到期失效{self._successor('，')}"
        ended = self.standing == REPEALED or (self.superseded_by and not self.in_force_until)
        return f"已失效{self._successor('，')}" if ended else ""

    def why(self, today: Day) -> tuple[str, ...]:
        """The words of documents that put this one out of force on that day; empty where staff's own do."""
        early = bool(self.in_force_from and today < self.in_force_from) and not self.is_draft
        return tuple(dict.fromkeys(words for field, words in self.reasons if (field == "in_force_from") == early))

    def _successor(self, comma: str) -> str:
        return f"{comma}由“{self.superseded_by}”替代" if self.superseded_by else ""


def _day(day: Day) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
