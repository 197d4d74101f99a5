"""How a file stands, in the words of the pages."""

from qa.staff.documents.listing import DocumentRow
from qa.web.staff.values import day

WITHDRAWN = "已停止引用"
# Examples for fields whose format is not obvious.
HINTS = {
    "date": "2026-01-31",
    "in_force_from": "2026-01-31",
    "in_force_until": "2026-12-31",
    "standing": "现行 / 失效 / 草案",
    "url": "https://",
}


def why_of(row: DocumentRow) -> str:
    """Return the reason for the state of a file, and what to do."""
    if row.withdrawn is None:
        return row.reason
    with_it = f"随{row.withdrawn.document}一起，" if row.withdrawn.document != row.name else ""
    return f"{with_it}{row.withdrawn.who}：{row.withdrawn.why}"


def validity_of(row: DocumentRow) -> str:
    """Return the dates between which a file is in force; empty if there are none."""
    since, until = day(row.in_force_from), day(row.in_force_until)
    if since and until:
        return f"{since} 至 {until}"
    return f"{since}起" if since else f"到{until}" if until else ""
