"""Who may do what: three roles, and the mark on every action that names the least role it needs.

`StaffRefused` is the root of what staff are refused: `NotAllowed`, a role that is too low, and `Overtaken`, someone who
was quicker.
"""

import functools
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from enum import StrEnum
from typing import Any, Concatenate, ParamSpec, TypeVar

from qa.runtime.errors import NotAllowed
from qa.runtime.settings import Settings
from qa.staff import labels
from qa.storage.audit import Audit
from qa.storage.database import DATABASE, open_database

P = ParamSpec("P")
T = TypeVar("T")
A = TypeVar("A", bound="Area")


class Role(StrEnum):
    """The roles, the least first; each may do what those before it may."""

    EDITOR = "editor"
    PUBLISHER = "publisher"
    ADMIN = "admin"

    def covers(self, least: "Role") -> bool:
        """Whether this role may do what needs `least`."""
        order = list(Role)
        return order.index(self) >= order.index(least)

    @property
    def label(self) -> str:
        return {"editor": "编辑", "publisher": "发布", "admin": "管理"}[self.value]


class Area:
    """A part of what one member of staff, `who`, may do in `role` with everything below `settings.home`."""

    def __init__(self, settings: Settings, *, who: str, role: Role) -> None:
        self._settings = settings
        self._who = who
        self._role = role
        self._audit = Audit(settings.home, settings.key_file)

    def may(self, least: Role) -> bool:
        """Whether an action that needs `least` would be done; for pages, which need not offer what is refused."""
        return self._role.covers(least)

    @contextmanager
    def _database(self) -> Iterator[sqlite3.Connection]:
        """A connection for one action, so that any thread may call it."""
        with closing(open_database(self._settings.home / DATABASE)) as connection:
            yield connection


def needs(
    least: Role,
) -> Callable[[Callable[Concatenate[A, P], T]], Callable[Concatenate[A, P], T]]:
    """Mark a method of an `Area` with the least role it needs; a lower one is refused, and the refusal logged."""

    def marked(method: Callable[Concatenate[A, P], T]) -> Callable[Concatenate[A, P], T]:
        @functools.wraps(method)
        def checked(self: A, /, *args: P.args, **kwargs: P.kwargs) -> T:
            if not self._role.covers(least):
                why = f"这项操作需要“{least.label}”角色，{self._who}的角色是“{self._role.label}”；请找有权限的同事"
                self._audit.add(self._who, labels.refused(method.__qualname__), outcome=f"not allowed: {why}")
                raise NotAllowed(why)
            return method(self, *args, **kwargs)

        checked.__dict__["least_role"] = least
        return checked

    return marked


def least_role(method: Any) -> Role | None:
    """The least role that an action needs; None where it is not marked."""
    found = getattr(method, "least_role", None)
    return found if isinstance(found, Role) else None
