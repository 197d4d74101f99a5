"""Question sets in SQuAD form, and the scores of the CMRC 2018 evaluation script."""

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

# The marks that the script drops; other punctuation counts as a unit.
_DROPPED = frozenset("-:_*^/\\~`+=，。：？！“”；’《》·、「」（）－～『』")
_UNIT = re.compile(r"[\u4e00-\u9fa5]|\d+(?:[.,]\d+)*|[^\W\u4e00-\u9fa5]+|[^\w\s]")


class QuestionFileError(Exception):
    """A file of questions cannot be read, or does not have the expected form."""


@dataclass(frozen=True, slots=True)
class SquadQuestion:
    """A question on one paragraph; `answers` are (text, start) and any of them is right."""

    question_id: str
    text: str
    answers: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A text with the questions that it answers."""

    title: str
    text: str
    questions: tuple[SquadQuestion, ...]


def read_squad(path: Path) -> list[Paragraph]:
    """Read the paragraphs of a SQuAD-form JSON file. Raises `QuestionFileError`."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return [
            Paragraph(article.get("title", ""), paragraph["context"], tuple(map(_question, paragraph["qas"])))
            for article in content["data"]
            for paragraph in article["paragraphs"]
        ]
    except OSError as error:
        raise QuestionFileError(f"{path} cannot be read: {error.strerror}") from error
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise QuestionFileError(f"{path} is not a SQuAD-form JSON file") from error


def _question(entry: dict[str, object]) -> SquadQuestion:
    answers = entry["answers"]
    assert isinstance(answers, list)
    return SquadQuestion(
        str(entry["id"]), str(entry["question"]), tuple((answer["text"], answer["answer_start"]) for answer in answers)
    )


def exact_match(prediction: str, references: Sequence[str]) -> float:
    """Return 1.0 if the prediction equals a reference without case and punctuation, else 0.0."""
    wanted = _characters(prediction)
    return float(any(wanted == _characters(reference) for reference in references))


def f1(prediction: str, references: Sequence[str]) -> float:
    """Return the best F1 over the references, on the longest common substring of units (CMRC 2018 script)."""
    return max((_f1(_units(prediction), _units(reference)) for reference in references), default=0.0)


def scores(
    paragraphs: Sequence[Paragraph],
    read: Callable[[str, Paragraph], str],
    *,
    limit: int | None = None,
    progress: Callable[[int], None] = lambda count: None,
) -> dict[str, float]:
    """Return `em` and `f1` (0–100) of what `read` returns for each question, and their number `n`.

    Only the first `limit` questions are asked. Raises `ValueError` if there are none.
    """
    found: list[tuple[float, float]] = []
    asked = ((question, paragraph) for paragraph in paragraphs for question in paragraph.questions)
    for question, paragraph in islice(asked, limit):
        prediction = read(question.text, paragraph)
        references = [answer for answer, _ in question.answers]
        found.append((exact_match(prediction, references), f1(prediction, references)))
        progress(len(found))
    if not found:
        raise ValueError("There is no question to score")
    em, best = (round(100 * sum(column) / len(found), 2) for column in zip(*found, strict=True))
    return {"em": em, "f1": best, "n": len(found)}


def _f1(prediction: list[str], reference: list[str]) -> float:
    common = _longest_common_substring(prediction, reference)
    if not common:
        return 0.0
    precision, recall = common / len(prediction), common / len(reference)
    return 2 * precision * recall / (precision + recall)


def _characters(text: str) -> str:
    return "".join(char for char in text.lower().strip() if char not in _DROPPED)


def _units(text: str) -> list[str]:
    """Return Chinese characters one by one, words and numbers of other scripts whole."""
    return _UNIT.findall(_characters(text))


def _longest_common_substring(first: Sequence[str], second: Sequence[str]) -> int:
    best = 0
    row = [0] * (len(second) + 1)
    for unit in first:
        previous = 0
        for column, other in enumerate(second, start=1):
            row[column], previous = (previous + 1 if unit == other else 0), row[column]
            best = max(best, row[column])
    return best
