"""What is known about a document besides its words: who issued it, from when and until when it holds."""

from dataclasses import dataclass
from datetime import date as Day


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """Issuing body, number, dates and the like, as staff wrote them; empty where they wrote nothing.

    Both days of `in_force_from` and `in_force_until` are in force themselves.
    """

    issuer: str = ""
    number: str = ""
    date: str = ""
    in_force_from: Day | None = None
    in_force_until: Day | None = None
    superseded_by: str = ""
    url: str = ""
    contact: str = ""

    def __post_init__(self) -> None:
        if self.in_force_from and self.in_force_until and self.in_force_from > self.in_force_until:
            raise ValueError(f"In force from {self.in_force_from} until {self.in_force_until} is no time at all")

    def out_of_force(self, today: Day) -> str:
        """Why the document does not hold on that day, in a few words for citizens; empty when it does.

        A document superseded by another is out of force at once, unless it says until when it holds.
        """
        if self.in_force_from and today < self.in_force_from:
            return f"尚未生效，自{_day(self.in_force_from)}起施行"
        if self.in_force_until:
            if today <= self.in_force_until:
                return ""
            return f"已于{_day(self.in_force_until)}到期失效{self._successor('，')}"
        return f"已失效{self._successor('，')}" if self.superseded_by else ""

    def _successor(self, comma: str) -> str:
        return f"{comma}由“{self.superseded_by}”替代" if self.superseded_by else ""


def _day(day: Day) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
