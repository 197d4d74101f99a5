"""Puts questions without one good answer into groups of one meaning; each question is embedded once."""

import math
import time
from collections.abc import Sequence

import numpy as np

from index.embedding.base import Vectors
from qa.answering.paraphrase import sense
from qa.answering.query_rewriting import Synonyms, matching_copy
from qa.answering.reply import Reason
from qa.bootstrap.models import Models
from qa.staff.questions.clustering import Leader, nearest
from qa.storage import versioned_rows
from qa.storage.database import Connection, together
from qa.storage.question_log import CONTRADICTORY, UNHELPFUL

Leaders = list[Leader]
AT_ONCE = 16  # questions embedded per transaction, about a tenth of a second

# Only these need work; greetings and noise do not.
_UNANSWERED = (Reason.OFF_TOPIC, Reason.NOT_IN_DOCUMENTS, Reason.PREMISE_NOT_SUPPORTED)
NEW = (
    "SELECT id, json_extract(reply, '$.standalone_question') AS question, asked_at FROM replies"
    " WHERE status = 'abstained' AND reason IN (?, ?, ?) AND id NOT IN (SELECT reply FROM todo_questions)"
    " UNION SELECT id, json_extract(reply, '$.standalone_question'), asked_at FROM replies"
    " WHERE verdict = ? AND id NOT IN (SELECT reply FROM todo_questions)"
    " UNION SELECT id, json_extract(reply, '$.standalone_question'), asked_at FROM replies"
    " WHERE status IN ('answered', 'partial') AND reason = ? AND id NOT IN (SELECT reply FROM todo_questions)"
    " ORDER BY asked_at"
)


class Gatherer:
    """Puts questions into the groups of the to-do tables."""

    def __init__(self, models: Models, synonyms: Synonyms) -> None:
        self._models = models
        self._synonyms = synonyms

    def gather(self, database: Connection, *, seconds: float = math.inf) -> int:
        """Put new questions into their groups, the oldest first; return how many are left when the time is over.

        Each question is embedded once; a group keeps its vector.
        """
        until = time.monotonic() + seconds
        found = database.execute(NEW, (*_UNANSWERED, UNHELPFUL, CONTRADICTORY)).fetchall()
        new = [(row["id"], row["question"]) for row in found if row["question"]]
        if not new or seconds <= 0:
            return len(new)
        leaders = self._leaders(database)
        for begin in range(0, len(new), AT_ONCE):
            batch = new[begin : begin + AT_ONCE]
            vectors = self.vectors([question for _, question in batch])
            with together(database):
                # Another process may have gathered in the meantime.
                seen = max((leader.group for leader in leaders), default=0)
                leaders += self._leaders(database, beyond=seen)
                for reply_id, question in batch:
                    if database.execute("SELECT 1 FROM todo_questions WHERE reply = ?", (reply_id,)).fetchone():
                        continue
                    known = sense(question, self._synonyms)
                    group = nearest(leaders, known, vectors[question])
                    if group is None:
                        group = self.opened(database, question, vectors[question])
                        leaders.append(Leader(group, known, vectors[question]))
                    database.execute("INSERT INTO todo_questions VALUES (?, ?)", (reply_id, group))
            if time.monotonic() >= until:
                return len(new) - begin - len(batch)
        return 0

    def _leaders(self, database: Connection, *, beyond: int = 0) -> Leaders:
        """Return the leaders of the existing groups. Vectors of another model are computed again."""
        model = self._models.embedder().name
        rows = database.execute("SELECT id, question, model, vector FROM todo WHERE id > ?", (beyond,)).fetchall()
        foreign = [row["question"] for row in rows if row["model"] != model]
        renewed = self.vectors(foreign) if foreign else {}
        for row in rows:
            if row["model"] != model:
                database.execute(
                    "UPDATE todo SET model = ?, vector = ? WHERE id = ?",
                    (model, renewed[row["question"]].tobytes(), row["id"]),
                )
        return [
            Leader(
                row["id"],
                sense(row["question"], self._synonyms),
                renewed[row["question"]] if row["model"] != model else np.frombuffer(row["vector"], "<f4"),
            )
            for row in rows
        ]

    def vectors(self, questions: Sequence[str]) -> dict[str, Vectors]:
        """Return a vector per question, of its copy in Simplified characters and the documents' words."""
        distinct = list(dict.fromkeys(questions))
        copies = [matching_copy(question, self._synonyms) for question in distinct]
        made = self._models.embedder().encode_queries(copies).astype("<f4")
        return dict(zip(distinct, made, strict=True))

    def opened(self, database: Connection, question: str, vector: Vectors, *, who: str = "") -> int:
        """Open a group named after its first question; return its number."""
        values = {
            "question": question,
            "model": self._models.embedder().name,
            "vector": vector.tobytes(),
            "changed_by": who,
            "changed_at": versioned_rows.now(),
        }
        return versioned_rows.insert(database, "todo", values)
