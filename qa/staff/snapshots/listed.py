"""A snapshot in the list of staff, and the one that is served: who wants it, and what holds it back."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from qa.publishing.refresh.deciding import CONSENT


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A snapshot in the list for staff. If its refresh was interrupted, its author and results are unknown.

    `to_see` says why staff look at it before it is published, though no golden question holds it back. `unjudged` says
    what in it was withdrawn when it was judged and is not now. `lapsed` says why the wish of `wanted_by` is over.
    """

    name: str
    built_at: datetime | None
    who: str
    why: str
    documents: int
    passages: int
    golden_asked: int
    golden_right: int
    published: bool
    was_published: bool
    forced: bool
    why_not: str
    wanted_by: str = ""
    wanted_why: str = ""
    to_see: str = ""
    unjudged: str = ""
    lapsed: str = ""

    @property
    def unguarded(self) -> bool:
        """Return whether golden questions refused it, or did not judge what citizens would see in it."""
        return bool(self.unjudged or (self.why_not and not self.was_published))

    @property
    def only_looked_at(self) -> bool:
        """Return whether it is published once somebody has looked at the answers in it that nobody saw before."""
        return bool(self.to_see) and not self.was_published and not self.unguarded

    @property
    def wished(self) -> bool:
        """Return whether somebody wants it published in spite of the golden questions, and waits for another person."""
        return bool(self.wanted_by) and not self.forced and not self.lapsed

    @property
    def wish(self) -> str:
        """Return, in Chinese, who wants it published in spite of the golden questions, or why that is over."""
        if not self.wanted_by or self.forced or self.published:
            return ""
        if self.lapsed:
            asked = f"{self.wanted_by}要求过发布（{self.wanted_why}）"
            return f"{asked}，但此后{self.lapsed}，这个要求不再算数；仍要发布，请重新写明原因"
        return f"{self.wanted_by}要求仍然发布（{self.wanted_why}），{CONSENT}"

    @property
    def wish_key(self) -> str:
        """Return a key of `wish`: whoever consents has seen that one; empty without a wish."""
        return hashlib.sha256(self.wish.encode()).hexdigest()[:16] if self.wish else ""

    def as_json(self) -> dict[str, Any]:
        content = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return {**content, "built_at": self.built_at.isoformat() if self.built_at else None}


@dataclass(frozen=True, slots=True)
class Status:
    """The snapshot that a server would serve now: a sound one; `alarm` says why it is not the published one."""

    snapshot: str
    built_at: datetime
    passages: int
    documents: tuple[str, ...]
    alarm: str
