"""Writes the table of docs/settings.md from the settings: `python -m qa.runtime.settings_guide`."""

import re
import sys
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from qa.runtime.setting_types import chinese
from qa.runtime.settings import GUIDE, ROOT, Settings, variable

_TABLE = re.compile(r"(?<=\|---\|---\|---\|\n)(?:\|.*\n)*")


def guide(text: str) -> str:
    """Return the guide's text with the table of the present settings."""
    rows = [
        f"| `{variable(name)}` | {_default(field.default)} | {chinese(field)}<br>{field.description} |\n"
        for name, field in Settings.model_fields.items()
    ]
    return _TABLE.sub(lambda _: "".join(rows), text, count=1)


def _default(value: Any) -> str:
    if isinstance(value, bool):
        return "`yes`" if value else "`no`"
    if isinstance(value, Path):
        return f"`{value.relative_to(ROOT)}`"
    if isinstance(value, (int, str)) and value != "":
        return f"`{value}`"
    assert not value or isinstance(value, SecretStr) or repr(value) == "PydanticUndefined", value
    return "空 / empty"


def main() -> int:
    """Write the guide; return the exit code."""
    path = ROOT / GUIDE
    path.write_text(guide(path.read_text(encoding="utf-8")), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
