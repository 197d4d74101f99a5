"""The log of questions: what was asked and answered, verdicts of citizens, and replies they share by a link.

Addresses are not stored, personal numbers are masked, and rows expire after a set number of days.
"""

import json
import secrets
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from corpus.text.normalise import normalise
from qa.answering import personal_data
from qa.answering.reply import Abstention, Answer, Reply
from qa.storage.database import Connection
from qa.storage.database.connection import SQLITE
from qa.storage.reply_json import pack, unpack

HELPFUL, UNHELPFUL = "up", "down"
# The reason beside an answer whose documents contradict each other.
CONTRADICTORY = "contradictory"
# The status of a question that a fault of the program left without a reply; the reason is the kind of fault.
FAILED = "failed"
REASONS = ("wrong", "incomplete", "outdated", "unclear", "untrue")
MAX_COMMENT = 300
# Replies shared by an earlier version have one id for both, so anybody with the link could pass for the asker.
_OF_THE_ASKER = "(shared_as IS NULL OR shared_as <> id)"


@dataclass(frozen=True, slots=True)
class Shared:
    """A shared reply as it was, with the content hash of each document that it quotes."""

    reply: Reply
    asked_at: datetime
    documents: Mapping[str, str]


def new_id() -> str:
    """Return an unguessable name for a reply: 128 random bits."""
    return secrets.token_urlsafe(16)


class Log:
    """The table of replies; safe to call from threads. The caller passes times, in UTC."""

    def __init__(self, connection: Connection, *, keep_days: int, share_days: int) -> None:
        self._connection = connection
        self._keep = timedelta(days=keep_days)
        self._share = timedelta(days=share_days)
        self._lock = threading.Lock()

    def add(
        self,
        reply_id: str,
        reply: Reply,
        now: datetime,
        *,
        channel: str,
        documents: Mapping[str, str],
        request: str = "",
    ) -> None:
        """Store a reply; `documents` maps the documents it quotes to their content hashes.

        The same question of the same `request` was sent again by a proxy that got no reply to it: the row becomes that
        of the reply which now goes out.
        """
        self._insert(
            again="UPDATE SET",
            request=request or None,
            id=reply_id,
            asked_at=_text(now),
            channel=channel,
            question=personal_data.mask(reply.question),
            status=reply.status,
            reason=_reason(reply),
            snapshot=reply.snapshot,
            reply=pack(reply),
            documents=json.dumps(dict(documents), ensure_ascii=False),
            elapsed_ms=reply.elapsed_ms,
            made_by=reply.made_by if isinstance(reply, Answer) else "",
        )

    def fail(
        self,
        question: str,
        fault: Exception,
        now: datetime,
        *,
        channel: str,
        snapshot: str,
        ms: float,
        request: str = "",
    ) -> None:
        """Store a question that a fault left without a reply; only the kind of the fault, which holds no secret."""
        self._insert(
            again="NOTHING",
            request=request or None,
            id=new_id(),
            asked_at=_text(now),
            channel=channel,
            question=personal_data.mask(question),
            status=FAILED,
            reason=type(fault).__name__,
            snapshot=snapshot,
            reply="{}",
            documents="{}",
            elapsed_ms=ms,
            made_by="",
        )

    def judge(self, reply_id: str, verdict: str, now: datetime, *, reasons: Sequence[str] = (), comment: str) -> bool:
        """Store the asker's verdict on a reply, replacing an earlier one; return False if there is no such reply.

        A link's name is not the reply's id: people with only the link can read but not judge.
        """
        known = json.dumps([reason for reason in REASONS if reason in reasons])
        with self._lock:
            changed = self._connection.execute(
                "UPDATE replies SET verdict = ?, verdict_reasons = ?, comment = ?, judged_at = ?"
                f" WHERE id = ? AND {_OF_THE_ASKER}",
                (verdict, known, personal_data.mask(comment[:MAX_COMMENT]), _text(now), reply_id),
            )
        return changed.rowcount == 1

    def share(self, reply_id: str, now: datetime) -> str:
        """Open a reply to everyone with its link; return the link's name, empty if there is no such reply."""
        with self._lock:
            row = self._connection.execute(
                "UPDATE replies SET shared_at = ?, shared_as = coalesce(shared_as, ?)"
                f" WHERE id = ? AND {_OF_THE_ASKER} RETURNING shared_as",
                (_text(now), new_id(), reply_id),
            ).fetchone()
        return str(row["shared_as"]) if row else ""

    def shared(self, link: str, now: datetime) -> Shared | None:
        """Return the reply that was shared under this name and has not expired."""
        with self._lock:
            row = self._connection.execute(
                "SELECT * FROM replies WHERE shared_as = ? AND shared_at > ?", (link, _text(now - self._share))
            ).fetchone()
        if row is None:
            return None
        return Shared(unpack(row["reply"]), datetime.fromisoformat(row["asked_at"]), json.loads(row["documents"]))

    def expire(self, now: datetime) -> int:
        """Delete the rows that are too old; return their number."""
        with self._lock:
            return _delete(self._connection, "asked_at <= ?", (_text(now - self._keep),))

    def forget(self, reply_id: str) -> bool:
        """Delete a reply by the id that only its asker has; return False if there is no such reply."""
        with self._lock:
            return _delete(self._connection, f"id = ? AND {_OF_THE_ASKER}", (reply_id,)) > 0

    def _insert(self, *, again: str, **row: str | float | None) -> None:
        row["searched"] = normalise(str(row["question"]))
        columns, places = ", ".join(row), ", ".join(f":{name}" for name in row)
        news = ", ".join(f"{name} = excluded.{name}" for name in row) if again == "UPDATE SET" else ""
        with self._lock:
            self._connection.execute(
                f"INSERT INTO replies ({columns}) VALUES ({places})"
                f" ON CONFLICT (request, question) WHERE request IS NOT NULL DO {again} {news}",
                row,
            )

    def close(self) -> None:
        with self._lock:
            self._connection.close()


def forget(connection: Connection, name: str) -> bool:
    """Delete the reply that a receipt or a link names; return False if there is none."""
    return _delete(connection, "id = ? OR shared_as = ?", (name, name)) > 0


def _delete(connection: Connection, condition: str, values: Sequence[str]) -> int:
    """Delete replies, with what only they had; return their number."""
    # What is deleted is overwritten, not only forgotten.
    if connection.engine == SQLITE:
        connection.execute("PRAGMA secure_delete = ON")
    gone = connection.execute(f"DELETE FROM replies WHERE {condition}", values).rowcount
    if gone:
        connection.execute("DELETE FROM todo_questions WHERE reply NOT IN (SELECT id FROM replies)")
        # What staff worked on stays; an untouched group goes with its last question.
        connection.execute("DELETE FROM todo WHERE version = 1 AND id NOT IN (SELECT todo FROM todo_questions)")
    return gone


def _reason(reply: Reply) -> str | None:
    if isinstance(reply, Abstention):
        return reply.reason.value
    return CONTRADICTORY if reply.contradictory else None


def _text(time: datetime) -> str:
    return time.astimezone(UTC).isoformat(timespec="milliseconds")
