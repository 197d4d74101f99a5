"""Kinds of settings' values: how each is read from a text, and the advice for an invalid one."""

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, JsonValue
from pydantic.fields import FieldInfo

_SITE = re.compile(r"https?://[a-z0-9.*-]+(:(\d+|\*))?")


def described(
    default: Any,
    chinese: str,
    english: str,
    *,
    least: int | None = None,
    most: int | None = None,
) -> Any:
    """Declare a setting: its default (or a function of the settings before it), its help, the range of a number."""
    texts: dict[str, JsonValue] = {"chinese": chinese}
    if callable(default):
        return Field(default_factory=default, description=english, json_schema_extra=texts, ge=least, le=most)
    return Field(default=default, description=english, json_schema_extra=texts, ge=least, le=most)


def chinese(field: FieldInfo) -> str:
    """Return the Chinese help of a setting."""
    assert isinstance(field.json_schema_extra, dict)
    return str(field.json_schema_extra["chinese"])


def _folder(value: str | Path) -> Path:
    """Return the absolute path; a relative one starts at the working directory."""
    return (Path.cwd() / Path(value).expanduser()).resolve()


def _whole(value: str | int) -> int:
    """Read digits only: Python's int() would accept 1_000, ٧ and +5 as well."""
    if isinstance(value, int) or (value.isascii() and value.isdigit()):
        return int(value)
    raise ValueError("give a number")


def _share(value: str | float) -> float:
    try:
        share = float(value)
    except ValueError:
        share = -1.0
    if not 0 <= share <= 1:
        raise ValueError("give a number from 0 to 1")
    return share


def _switch(value: str | bool) -> bool:
    if value in (True, False, "yes", "no"):
        return value in (True, "yes")
    raise ValueError("give one of yes, no")


def _names(value: str | Sequence[str]) -> tuple[str, ...]:
    parts = value.split(",") if isinstance(value, str) else value
    return tuple(part.strip().lower() for part in parts if part.strip())


def _sites(value: str | Sequence[str]) -> tuple[str, ...]:
    sites = _names(value)
    for site in sites:
        # They become part of a header, where a space or a semicolon would begin another directive.
        if not _SITE.fullmatch(site):
            raise ValueError(f"write {site!r} as https://www.example.gov.cn")
    return sites


def _endpoint(value: str) -> str:
    if value and not value.startswith(("http://", "https://")):
        raise ValueError("it has to start with http:// or https://")
    return value


def one_of(allowed: Sequence[str]) -> Callable[[str], str]:
    """Return a function that accepts only one of the `allowed` texts."""

    def chosen(value: str) -> str:
        if value in allowed:
            return value
        raise ValueError(f"give one of {', '.join(allowed)}")

    return chosen


Folder = Annotated[Path, BeforeValidator(_folder)]
Number = Annotated[int, BeforeValidator(_whole)]
Share = Annotated[float, BeforeValidator(_share)]
Switch = Annotated[bool, BeforeValidator(_switch)]
Names = Annotated[tuple[str, ...], BeforeValidator(_names)]
Sites = Annotated[tuple[str, ...], BeforeValidator(_sites)]
Endpoint = Annotated[str, BeforeValidator(_endpoint)]


def range_of(field: FieldInfo) -> str:
    """Return the range of a number in words, "from 1 to 9"; empty for other settings."""
    bounds = {key: getattr(part, key) for part in field.metadata for key in ("ge", "le") if hasattr(part, key)}
    return f"from {bounds['ge']} to {bounds['le']}" if bounds.keys() == {"ge", "le"} else ""
