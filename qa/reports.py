"""The report of the last refresh, kept for everybody to read, whoever ran it and from where."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from index import disk
from qa.refresh import Report

FILE = "report.json"


def keep(home: Path, report: Report, *, who: str, before: str | None) -> None:
    """Keep a report in place of the one before; `before` is what was published when the refresh began."""
    now = datetime.now(UTC).isoformat(timespec="seconds")
    content = {**report.as_json(), "who": who, "at": now, "before": before}
    disk.replace(home / FILE, json.dumps(content, ensure_ascii=False).encode("utf-8", "surrogatepass"))


def read(home: Path) -> dict[str, Any] | None:
    """The report as `Report.as_json` gives it, with who refreshed, when, and what was published before."""
    try:
        found: dict[str, Any] = json.loads((home / FILE).read_bytes())
    except (OSError, ValueError):
        return None
    return found
