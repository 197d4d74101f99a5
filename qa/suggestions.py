"""Questions to offer: golden ones that the served snapshot was seen to answer rightly, never any other."""

import hashlib
import json
import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from index.tokens import normalise
from qa.evaluate import Ask, GoldenQuestion, judge
from qa.reply import Abstention, Answer, Reply

logger = logging.getLogger(__name__)

EXAMPLES = 6
FOLLOW_UPS = 3
# Longer ones do not fit on a button of a phone.
LONGEST = 28
# The share of a refused question's character pairs that a golden one has to hold to pass for its rephrasing.
ALIKE = 0.3
PAUSE_SECONDS = 0.05
LOOK_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Offered:
    """A question that has an answer, and the documents its answer quotes."""

    question: str
    documents: tuple[str, ...]


class Suggestions:
    """Asks the golden questions once for each snapshot, in the background and only while `idle` says so.

    What was found is kept in `file`, so that a restart need not ask again.
    """

    def __init__(
        self,
        ask: Ask,
        golden: Sequence[GoldenQuestion],
        *,
        served: Callable[[], str],
        idle: Callable[[], bool],
        file: Path,
    ) -> None:
        # A follow-up is no question to begin with, and an unanswerable one nothing to offer.
        fitting = [
            question
            for question in golden
            if question.answerable and not question.history and len(question.question) <= LONGEST
        ]
        # The plainest first, else in an order of no meaning: what is found first, of any document, becomes examples.
        self._golden = sorted(
            fitting, key=lambda question: ("direct" not in question.tags, _hash(question.question_id))
        )
        self._ask = ask
        self._served = served
        self._idle = idle
        self._file = file
        self._offered: tuple[Offered, ...] = ()
        self._closed = threading.Event()

    def examples(self) -> list[str]:
        """Questions to begin with: one a document, then further ones."""
        first: dict[str, Offered] = {}
        for offered in self._offered:
            first.setdefault(offered.documents[0], offered)
        rest = [offered for offered in self._offered if offered not in first.values()]
        return [offered.question for offered in [*first.values(), *rest][:EXAMPLES]]

    def after(self, reply: Reply) -> list[str]:
        """Questions to go on with: about the same documents after an answer, alike ones after a refusal."""
        asked = _pairs(reply.standalone_question)
        others = [offered for offered in self._offered if _pairs(offered.question) != asked]
        match reply:
            case Answer():
                cited = {citation.document for citation in reply.citations}
                fitting = [offered for offered in others if cited & set(offered.documents)]
            case Abstention():
                fitting = [offered for offered in others if _likeness(asked, offered.question) >= ALIKE]
        ranked = sorted(fitting, key=lambda offered: -_likeness(asked, offered.question))
        return [offered.question for offered in ranked[:FOLLOW_UPS]]

    def start(self) -> None:
        """Begin to look for newly published snapshots."""
        threading.Thread(target=self._watch, name="suggestions", daemon=True).start()

    def close(self) -> None:
        self._closed.set()

    def _watch(self) -> None:
        checked = ""
        while not self._closed.is_set():
            try:
                name = self._served()
                if name != checked:
                    self.check(name)
                    checked = name
            except Exception:
                logger.exception("The questions to offer could not be checked")
            self._closed.wait(LOOK_SECONDS)

    def check(self, snapshot: str) -> None:
        """Offer the questions that `snapshot` answers rightly, and no others from now on."""
        key = _hash(repr((snapshot, self._golden)))
        if (known := self._read(key)) is not None:
            self._offered = known
            return
        self._offered = ()
        found: list[Offered] = []
        for question in self._golden:
            while not self._idle() and not self._closed.is_set():
                time.sleep(PAUSE_SECONDS)
            if self._closed.is_set() or self._served() != snapshot:
                return
            judgement = judge([question], self._ask)[0]
            if judgement.verdict == "right" and isinstance(judgement.reply, Answer):
                documents = dict.fromkeys(citation.document for citation in judgement.reply.citations)
                found.append(Offered(question.question, tuple(documents)))
                self._offered = tuple(found)
        self._write(key)

    def _read(self, key: str) -> tuple[Offered, ...] | None:
        try:
            content = json.loads(self._file.read_text(encoding="utf-8"))
            if content["key"] != key:
                return None
            return tuple(Offered(entry["question"], tuple(entry["documents"])) for entry in content["offered"])
        except (OSError, ValueError, LookupError, TypeError):
            return None

    def _write(self, key: str) -> None:
        content = {"key": key, "offered": [asdict(offered) for offered in self._offered]}
        aside = self._file.with_suffix(".tmp")
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            aside.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
            aside.replace(self._file)
        except OSError as error:
            logger.warning("The questions to offer are not kept: %s", error)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _pairs(text: str) -> frozenset[str]:
    letters = "".join(char for char in normalise(text) if char.isalnum())
    return frozenset(a + b for a, b in zip(letters, letters[1:], strict=False))


def _likeness(asked: frozenset[str], question: str) -> float:
    other = _pairs(question)
    return len(asked & other) / max(1, min(len(asked), len(other)))
