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
# The columns of a row of the log, ready to be stored: what is personal is masked.
LoggedRow = Mapping[str, str | float | None]
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


def reply_row(
    reply_id: str, reply: Reply, now: datetime, *, channel: str, documents: Mapping[str, str], request: str = ""
) -> LoggedRow:
    """Return the row of a reply; `documents` maps the documents it quotes to their content hashes."""
    return _row(
        reply.question,
        request=request or None,
        id=reply_id,
        asked_at=_text(now),
        channel=channel,
        status=reply.status,
        reason=_reason(reply),
        snapshot=reply.snapshot,
        reply=pack(reply),
        documents=json.dumps(dict(documents), ensure_ascii=False),
        elapsed_ms=reply.elapsed_ms,
        made_by=reply.made_by if isinstance(reply, Answer) else "",
    )


def fault_row(
    question: str, fault: Exception, now: datetime, *, channel: str, snapshot: str, ms: float, request: str = ""
) -> LoggedRow:
    """Return the row of a question that a fault left without a reply.

    It holds only the kind of the fault, which is no secret.
    """
    return _row(
        question,
        request=request or None,
        id=new_id(),
        asked_at=_text(now),
        channel=channel,
        status=FAILED,
        reason=type(fault).__name__,
        snapshot=snapshot,
        reply="{}",
        documents="{}",
        elapsed_ms=ms,
        made_by="",
    )


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
        """Store a reply; see `reply_row`."""
        self.store(reply_row(reply_id, reply, now, channel=channel, documents=documents, request=request))

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
        """Store a question that a fault left without a reply; see `fault_row`."""
        self.store(fault_row(question, fault, now, channel=channel, snapshot=snapshot, ms=ms, request=request))

    def store(self, row: LoggedRow) -> None:
        """Store a row; one that is stored already is stored once.

        The same question of the same request was sent again by a proxy that got no reply to it: the row becomes that
        of the reply which went out last. A fault takes the place of no reply.
        """
        columns, places = ", ".join(row), ", ".join(f":{name}" for name in row)
        news = ", ".join(f"{name} = excluded.{name}" for name in row)
        later = ("UPDATE SET", news, "WHERE replies.asked_at <= excluded.asked_at")
        again = "NOTHING" if row["status"] == FAILED else " ".join(later)
        with self._lock:
            self._connection.execute(
                f"INSERT INTO replies ({columns}) SELECT {places}"
                " WHERE NOT EXISTS (SELECT 1 FROM replies WHERE id = :id)"
                f" ON CONFLICT (request, question) WHERE request IS NOT NULL DO {again}",
                row,
            )

    def reach(self) -> None:
        """Return if the database answers. Raises `DatabaseError`."""
        with self._lock:
            self._connection.execute("SELECT 1")

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
            gone = _delete(self._connection, "asked_at <= ?", (_text(now - self._keep),))
            # Again without any, for a reader may have kept the journal from being emptied after an earlier deletion.
            _empty_journal(self._connection)
        return gone

    def forget(self, reply_id: str) -> bool:
        """Delete a reply by the id that only its asker has; return False if there is no such reply."""
        with self._lock:
            return _delete(self._connection, f"id = ? AND {_OF_THE_ASKER}", (reply_id,)) > 0

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
        _empty_journal(connection)
    return gone


def _empty_journal(connection: Connection) -> None:
    """Empty SQLite's journal beside the file, which holds the rows that it was last given, deleted ones as well."""
    if connection.engine == SQLITE:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _row(question: str, **others: str | float | None) -> LoggedRow:
    masked = personal_data.mask(question)
    return {**others, "question": masked, "searched": normalise(masked)}


def _reason(reply: Reply) -> str | None:
    if isinstance(reply, Abstention):
        return reply.reason.value
    return CONTRADICTORY if reply.contradictory else None


def _text(time: datetime) -> str:
    return time.astimezone(UTC).isoformat(timespec="milliseconds")
