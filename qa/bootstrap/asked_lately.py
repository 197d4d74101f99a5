"""Chooses among the questions of the log those that a refresh asks again."""

from datetime import datetime, timedelta

from qa.storage.database import Connection

DAYS = 30
# Of three questions one was refused: it may get a first answer.
_ANSWERED_OF, _OF = 2, 3
# Reasons of refusals that other documents may end.
_REASONS = ("not_in_documents", "off_topic", "premise_not_supported")
_CHOSEN = """
    SELECT max(rowid) AS newest, count(*) AS asked, max(asked_at) AS last FROM replies
    WHERE asked_at >= :since AND {which} GROUP BY searched ORDER BY asked DESC, last DESC LIMIT :most
"""


def asked_lately(database: Connection, now: datetime, *, most: int) -> list[str]:
    """Return at most `most` different questions of the last `DAYS` days, those asked most often first.

    Two thirds were answered, the others were refused for lack of an answer in the documents.
    """
    answered = most * _ANSWERED_OF // _OF
    since = (now - timedelta(days=DAYS)).isoformat(timespec="milliseconds")
    reasons = ", ".join(f"'{reason}'" for reason in _REASONS)
    found: dict[str, None] = {}
    for which, share in (
        ("status IN ('answered', 'partial')", answered),
        (f"status = 'abstained' AND reason IN ({reasons})", most - answered),
    ):
        rows = database.execute(_CHOSEN.format(which=which), {"since": since, "most": share}).fetchall()
        for row in rows:
            asked = database.execute(
                "SELECT json_extract(reply, '$.standalone_question') FROM replies WHERE rowid = ?", (row["newest"],)
            ).fetchone()
            if asked and asked[0]:
                found.setdefault(str(asked[0]))
    return list(found)
