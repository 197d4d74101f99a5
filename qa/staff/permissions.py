"""Permissions: three roles, and a mark on every action with the least role it needs.

Refusals descend from `StaffRefused`: `NotAllowed` means that the role is too low, `Overtaken` that somebody else was
quicker.
"""

import functools
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from enum import StrEnum
from typing import Any, Concatenate, ParamSpec, TypeVar

from qa.answering.query_rewriting import Synonyms
from qa.bootstrap.models import Models, lazily
from qa.publishing.serving import store_of
from qa.runtime.errors import NotAllowed
from qa.runtime.settings import Settings
from qa.staff import labels
from qa.storage import versioned_rows
from qa.storage.audit import Audit
from qa.storage.database import Connection, database_of, open_database

P = ParamSpec("P")
T = TypeVar("T")
A = TypeVar("A", bound="Area")

# Characters; it stays in the audit log for good.
MOST_REASON = 500


class Role(StrEnum):
    """The roles, the least first; each may do what those before it may."""

    EDITOR = "editor"
    PUBLISHER = "publisher"
    ADMIN = "admin"

    def covers(self, least: "Role") -> bool:
        """Return whether this role may do what needs `least`."""
        order = list(Role)
        return order.index(self) >= order.index(least)

    @property
    def label(self) -> str:
        return {"editor": "编辑", "publisher": "发布", "admin": "管理"}[self.value]


class Area:
    """A part of what the member of staff `who` may do in `role` with everything below `settings.home`."""

    def __init__(self, settings: Settings, *, who: str, role: Role) -> None:
        self._settings = settings
        self._who = who
        self._role = role
        self._audit = Audit.of(settings)

    def may(self, least: Role) -> bool:
        """Return whether the role suffices for `least`, so that a page need not offer what would be refused."""
        return self._role.covers(least)

    def require(self, least: Role, action: str) -> None:
        """Refuse a role below `least`, and log the refusal of the action. Raises `NotAllowed`."""
        if not self._role.covers(least):
            why = f"这项操作需要“{least.label}”角色，{self._who}的角色是“{self._role.label}”；请找有权限的同事"
            self._audit.add(self._who, action, outcome=f"not allowed: {why}")
            raise NotAllowed(why)

    @contextmanager
    def _database(self) -> Iterator[Connection]:
        """Open a connection for one action, so that any thread may run it."""
        with closing(open_database(database_of(self._settings))) as connection:
            yield connection


class ModelArea(Area):
    """A part in which questions are compared or asked: with the models, which are opened when they are needed first."""

    def __init__(self, settings: Settings, *, who: str, role: Role, models: Models | None = None) -> None:
        super().__init__(settings, who=who, role=role)
        self._models = models or lazily(settings)
        self._synonyms = Synonyms.read()
        self._store = store_of(settings)


def reason(why: str) -> str:
    """Return the reason for an action as it is logged; it may be empty. Raises `Unfit` if it is too long."""
    return versioned_rows.filled(why, "原因", most=MOST_REASON, least=0)


def needs(
    least: Role,
) -> Callable[[Callable[Concatenate[A, P], T]], Callable[Concatenate[A, P], T]]:
    """Mark a method of an `Area` with the least role it needs. A lower role is refused, and the refusal logged."""

    def marked(method: Callable[Concatenate[A, P], T]) -> Callable[Concatenate[A, P], T]:
        @functools.wraps(method)
        def checked(self: A, /, *args: P.args, **kwargs: P.kwargs) -> T:
            self.require(least, labels.refused(method.__qualname__))
            return method(self, *args, **kwargs)

        checked.__dict__["least_role"] = least
        return checked

    return marked


def least_role(method: Any) -> Role | None:
    """Return the least role that an action needs; None if it is not marked."""
    found = getattr(method, "least_role", None)
    return found if isinstance(found, Role) else None
