"""Asks golden questions, and compares the replies with what they should hold."""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from qa.answering.reply import Answer, Reply, Turn
from qa.evaluation.results import GoldenResult
from qa.evaluation.squad import QuestionFileError

Ask = Callable[[str, Sequence[Turn]], Reply]


@dataclass(frozen=True, slots=True)
class GoldenQuestion:
    """A question with what its reply must hold: a string of every group; no group when there is no answer."""

    question_id: str
    question: str
    must: tuple[tuple[str, ...], ...]
    answerable: bool
    tags: tuple[str, ...]
    history: tuple[Turn, ...] = ()


@dataclass(frozen=True, slots=True)
class Judgement:
    """One reply judged: `verdict` is "right", "wrong" (an answer that should not have been shown) or "refused"."""

    golden: GoldenQuestion
    reply: Reply
    verdict: str
    cited: bool

    @property
    def acceptable(self) -> bool:
        """Return whether the reply is as wanted: right, or refused if the documents do not answer."""
        return self.verdict == "right" or (self.verdict == "refused" and not self.golden.answerable)


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts for one tag; times are milliseconds."""

    tag: str
    asked: int
    right: int
    wrong: int
    refused: int
    cited: int
    p50_ms: float
    p95_ms: float

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def read_golden(path: Path) -> list[GoldenQuestion]:
    """Read golden questions, one JSON object a line. Raises `QuestionFileError` with the line's number."""
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise QuestionFileError(f"{path} cannot be read; give a UTF-8 file with one question a line") from error
    golden = [_golden(line, f"{path}, line {number}") for number, line in enumerate(lines, start=1) if line.strip()]
    if not golden:
        raise QuestionFileError(f"{path} holds no question")
    return golden


def golden_hash(golden: Sequence[GoldenQuestion]) -> str:
    """Return a hash that shows whether the same golden questions were asked."""
    return hashlib.sha256(repr(tuple(golden)).encode("utf-8", "surrogatepass")).hexdigest()


def judge(golden: Sequence[GoldenQuestion], ask: Ask) -> list[Judgement]:
    """Ask every question and judge the replies."""
    judgements = []
    for question in golden:
        reply = ask(question.question, question.history)
        judgements.append(Judgement(question, reply, _verdict(question, reply), _cited(question, reply)))
    return judgements


def ask_golden(question: GoldenQuestion, ask: Ask) -> GoldenResult:
    """Ask one golden question, and return how it was answered."""
    (judgement,) = judge([question], ask)
    reply = judgement.reply
    cited = reply.citations if isinstance(reply, Answer) else ()
    return GoldenResult(
        question.question_id,
        question.question,
        question.answerable,
        judgement.acceptable,
        judgement.verdict,
        reply.text,
        reply.short if isinstance(reply, Answer) else None,
        tuple(dict.fromkeys(citation.document for citation in cited)),
    )


def tally(judgements: Sequence[Judgement]) -> list[Tally]:
    """Return a row for each tag, then rows for all answerable and all unanswerable questions, then one for all."""
    tags = sorted({tag for judgement in judgements for tag in judgement.golden.tags})
    rows = [_row(tag, [j for j in judgements if tag in j.golden.tags]) for tag in tags]
    rows.append(_row("answerable", [j for j in judgements if j.golden.answerable]))
    rows.append(_row("unanswerable", [j for j in judgements if not j.golden.answerable]))
    return [*(row for row in rows if row.asked), _row("all", judgements)]


def _verdict(golden: GoldenQuestion, reply: Reply) -> str:
    if not isinstance(reply, Answer):
        return "refused"
    shown = reply.text + "\n" + (reply.short or "")
    return "right" if golden.answerable and holds_all(golden.must, shown) else "wrong"


def _cited(golden: GoldenQuestion, reply: Reply) -> bool:
    return isinstance(reply, Answer) and holds_all(golden.must, "\n".join(c.text for c in reply.citations))


def holds_all(must: Iterable[Iterable[str]], text: str) -> bool:
    """Return whether the text holds a string of every group."""
    return all(any(string in text for string in group) for group in must)


def _row(tag: str, judgements: Sequence[Judgement]) -> Tally:
    verdicts = [judgement.verdict for judgement in judgements]
    times = sorted(judgement.reply.elapsed_ms for judgement in judgements) or [0.0]
    return Tally(
        tag,
        len(judgements),
        verdicts.count("right"),
        verdicts.count("wrong"),
        verdicts.count("refused"),
        sum(judgement.cited and judgement.golden.answerable for judgement in judgements),
        round(times[len(times) // 2], 1),
        round(times[min(len(times) - 1, int(len(times) * 0.95))], 1),
    )


def _golden(line: str, where: str) -> GoldenQuestion:
    try:
        entry: Mapping[str, Any] = json.loads(line)
        must = tuple(tuple(str(string) for string in group) for group in entry.get("must", []))
        question = GoldenQuestion(
            str(entry["id"]),
            str(entry["question"]),
            must,
            bool(entry["answerable"]),
            tuple(entry.get("tags", [])),
            tuple(Turn(str(q), str(a)) for q, a in entry.get("history", [])),
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise QuestionFileError(f"{where}: not a golden question; see docs/evaluation.md") from error
    if question.answerable and not all(must or [()]):
        raise QuestionFileError(f"{where}: an answerable question needs a `must` list")
    return question
