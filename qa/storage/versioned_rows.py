"""Rows that several members of staff change: each carries a version, and the second writer is refused."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from qa.runtime.errors import Missing, Overtaken, Unfit
from qa.storage.database import Connection, Row


def now() -> str:
    """Return the present time as rows store it."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def row(connection: Connection, table: str, number: int, what: str) -> Row:
    """Return one row of a table. Raises `Missing`."""
    found: Row | None = connection.execute(f"SELECT * FROM {table} WHERE id = ?", (number,)).fetchone()
    if found is None:
        raise Missing(f"没有编号为{number}的{what}，可能已被删除；请刷新页面")
    return found


def change(connection: Connection, table: str, number: int, *, version: int, who: str, what: str, **to: Any) -> None:
    """Change a row that is still at `version`, in one statement. Raises `Overtaken`, `Missing`."""
    values: Mapping[str, Any] = {**to, "changed_by": who, "changed_at": now()}
    assignments = ", ".join(f'"{name}" = :{name}' for name in values)
    changed = connection.execute(
        f"UPDATE {table} SET {assignments}, version = version + 1 WHERE id = :id AND version = :version",
        {**values, "id": number, "version": version},
    )
    if changed.rowcount != 1:
        found = row(connection, table, number, what)
        by, at = found["changed_by"] or "程序", datetime.fromisoformat(found["changed_at"]).astimezone()
        raise Overtaken(f"这个{what}已被{by}于{at:%m月%d日%H:%M}改过，您的改动没有保存；请刷新页面后再改")


def insert(connection: Connection, table: str, values: Mapping[str, Any]) -> int:
    """Add a row and return its number."""
    columns, places = ", ".join(f'"{name}"' for name in values), ", ".join(f":{name}" for name in values)
    return int(next(connection.execute(f"INSERT INTO {table} ({columns}) VALUES ({places}) RETURNING id", values))[0])


def filled(text: str, name: str, *, most: int, least: int = 1) -> str:
    """Return the text of a form without outer white space. Raises `Unfit` if it is too short or too long."""
    text = text.strip()
    if len(text) < least:
        raise Unfit(f"请填写{name}")
    if len(text) > most:
        raise Unfit(f"{name}有{len(text)}个字，最多{most}个，请缩短")
    return text
