"""Questions to offer: golden questions that the served snapshot answers correctly, and no others."""

import hashlib
import json
import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from corpus.document import Document
from qa.answering.question.words import has_han
from qa.answering.reply import Abstention, Answer, Reply
from qa.evaluation.golden import Ask, GoldenQuestion, judge
from qa.service.suggestion_rules import RULES, heads, is_example, may_be_offered, named, pairs, subject_pairs

logger = logging.getLogger(__name__)

EXAMPLES = 6
FEWEST_EXAMPLES = 3
FOLLOW_UPS = 3
# The share of a refused question's character pairs, without its words of asking, that a golden question must hold to
# count as its rephrasing.
ALIKE = 0.3
PAUSE_SECONDS = 0.05
LOOK_SECONDS = 5.0
END_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Offered:
    """A question with an answer, the documents that its answer quotes, and whether it serves as an example."""

    question: str
    documents: tuple[str, ...]
    example: bool


class Suggestions:
    """Asks the golden questions once for each snapshot, in the background and only while `idle` allows it.

    The findings are stored in `file`, so that a restart need not ask again.
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
        # Plain questions first, otherwise in arbitrary order: the first found of any document become examples.
        self._golden = sorted(
            filter(may_be_offered, golden),
            key=lambda question: ("direct" not in question.tags, _hash(question.question_id)),
        )
        self._ask = ask
        self._served = served
        self._idle = idle
        self._file = file
        self._offered: tuple[Offered, ...] = ()
        self._heads: tuple[object, Mapping[str, frozenset[str]]] = ((), {})
        self._closed = threading.Event()
        self._thread: threading.Thread | None = None

    def examples(self, *, english: bool = False) -> list[str]:
        """Return questions to begin with: one per document, then further ones; if few, any that may be offered.

        They are Chinese, or `english` where there is any.
        """
        offered = [one for one in self._offered if has_han(one.question) != english]
        good = _one_a_document([one for one in offered if one.example])
        others = _one_a_document([one for one in offered if not one.example])
        found = [*good[:EXAMPLES], *others[: max(0, FEWEST_EXAMPLES - len(good))]]
        return found if found or not english else self.examples()

    def after(self, reply: Reply, documents: Sequence[Document] = ()) -> list[str]:
        """Return questions to go on with: on the same documents after an answer, similar ones after a refusal.

        After a refusal, questions made of headings of `documents` that name the subject follow them.
        """
        asked, chinese = pairs(reply.standalone_question), has_han(reply.standalone_question)
        subject = subject_pairs(reply.standalone_question)
        others = [
            offered
            for offered in self._offered
            if pairs(offered.question) != asked and has_han(offered.question) == chinese
        ]
        match reply:
            case Answer():
                cited = {citation.document for citation in reply.citations}
                fitting = [offered for offered in others if cited & set(offered.documents)]
            case Abstention():
                fitting = [offered for offered in others if _likeness(subject, offered.question) >= ALIKE]
        ranked = sorted(fitting, key=lambda offered: -_likeness(subject, offered.question))
        found = [offered.question for offered in ranked]
        if isinstance(reply, Abstention) and not reply.card:
            found += named(reply.standalone_question, self._heads_of(documents))
        return list(dict.fromkeys(found))[:FOLLOW_UPS]

    def _heads_of(self, documents: Sequence[Document]) -> Mapping[str, frozenset[str]]:
        """Return the headings of the documents, gathered once for as long as these are served."""
        names = tuple((document.name, len(document.text)) for document in documents)
        if self._heads[0] != names:
            self._heads = (names, heads(documents))
        return self._heads[1]

    def start(self) -> None:
        """Begin to look for newly published snapshots."""
        self._thread = threading.Thread(target=self._watch, name="suggestions", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop after the present question is answered: a process must not end within a model's native code."""
        self._closed.set()
        if self._thread:
            self._thread.join(END_SECONDS)

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
        """Offer the questions that `snapshot` answers correctly, and no others from now on."""
        key = _hash(repr((RULES, snapshot, self._golden)))
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
                example = is_example(question, judgement.reply)
                found.append(Offered(question.question, tuple(documents), example))
                self._offered = tuple(found)
        self._write(key)

    def _read(self, key: str) -> tuple[Offered, ...] | None:
        try:
            content = json.loads(self._file.read_text(encoding="utf-8"))
            if content["key"] != key:
                return None
            return tuple(
                Offered(entry["question"], tuple(entry["documents"]), bool(entry["example"]))
                for entry in content["offered"]
            )
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


def _one_a_document(offers: Sequence[Offered]) -> list[str]:
    first: dict[str, Offered] = {}
    for offered in offers:
        first.setdefault(offered.documents[0], offered)
    rest = [offered for offered in offers if offered not in first.values()]
    return [offered.question for offered in [*first.values(), *rest]]


def _likeness(asked: frozenset[str], question: str) -> float:
    other = subject_pairs(question)
    return len(asked & other) / max(1, min(len(asked), len(other)))
