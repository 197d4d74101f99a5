"""Fit what decides the form of an answer: how sure yes or no is, and how sure a comparison is.

Rows are questions with their right form: `document`, `question`, `form`, `verdict`, `quotes`, `label`. How far the
result can be trusted is measured five-fold, by document.
"""

import json
import lzma
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from corpus.document import Document, Passage
from corpus.text.normalise import Normal, digits, normalise
from corpus.text.passages import PASSAGE_TOKENS, Splitter
from corpus.text.sentences import sentences
from index.retrieve import Hit
from qa.answering.forms.asking import asks_yes_or_no
from qa.answering.forms.base import Form
from qa.answering.forms.computing.comparing import Conclusion
from qa.answering.forms.computing.concluding import CONCLUDERS, asked_forms
from qa.answering.forms.computing.statements import Line, Statement, lines_of, statements
from qa.answering.forms.conclusions import polarity
from qa.answering.forms.figures import facts
from qa.answering.query_rewriting import Synonyms, matching_copy
from qa.answering.reader.extractive import ExtractiveReader, quotation
from qa.evaluation.squad import QuestionFileError
from qa.training.linear import logistic
from qa.training.linear.logistic import Floats
from qa.training.questions.written import read_written

FOLDS = 5
# How often what is shown has to be right; for how many other such shares a fit reports how much could be shown.
WANTED = 0.95
SHARES = (0.90, 0.93, 0.95, 0.97)

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Sample:
    """One conclusion: its features, its document, and whether it is right; None where neither yes nor no is."""

    document: str
    features: Mapping[str, float]
    label: bool | None


def read_rows(paths: Iterable[Path]) -> list[Row]:
    """Read questions with their right form, JSON lines, also packed as .xz. Raises `QuestionFileError`."""
    found: list[Row] = []
    for path in paths:
        try:
            content = lzma.decompress(path.read_bytes()) if path.suffix == ".xz" else path.read_bytes()
            found += [json.loads(line) for line in content.decode("utf-8").splitlines() if line.strip()]
        except (OSError, ValueError, lzma.LZMAError) as error:
            raise QuestionFileError(f"{path} cannot be read; give a UTF-8 file of JSON lines") from error
    return found


def polarity_samples(
    rows: Iterable[Row], passages: Mapping[str, Sequence[Passage]], reader: ExtractiveReader
) -> list[Sample]:
    """Return a sample for each question that a passage of its document answers by yes or no, as the reader reads it.

    So is a near miss for which the reader would show something of its document, to which neither yes nor no is right.
    `passages` are those of each document, by its title.
    """
    found = []
    for row in rows:
        copy, own = _searched(row), passages.get(row["document"], ())
        if row["form"] != Form.YES_NO or not asks_yes_or_no(copy):
            continue
        if row["verdict"] in ("yes", "no"):
            holding = [passage for passage in own if row["quotes"][0] in passage.text]
            read = tuple(quotation(reckoning, copy) for reckoning in reader.reckon(copy, _hits(holding[:1])))
            label = row["verdict"] == "yes"
        else:
            reading = reader.read(copy, _hits(own))
            read = reading.findings[:1] if reading.confidence >= reader.threshold else ()
            label = None
        for said in read:
            quote = said.quote.of(said.document.text)
            known = polarity.features(copy, quote, said.short_in_quote, said.verdict)
            found.append(Sample(row["document"], known, label))
    return found


def premise_samples(
    rows: Iterable[Row], passages: Mapping[str, Sequence[Passage]], reader: ExtractiveReader
) -> list[Sample]:
    """Return a sample for each question that is none for yes or no: the surest quotation of its document.

    It is right to correct the question where the quotation holds what the document says instead.
    """
    found = []
    for row in rows:
        copy = _searched(row)
        if asks_yes_or_no(copy):
            continue
        reckonings = reader.reckon(copy, _hits(passages.get(row["document"], ())))
        if not reckonings:
            continue
        said = quotation(max(reckonings, key=lambda one: one.confidence), copy)
        wrong = row["form"] == Form.PREMISE and row["label"] == "answered"
        right = wrong and row["instead"] in said.quote.of(said.document.text)
        assert said.verdict
        found.append(Sample(row["document"], polarity.premise_features(said.verdict), right))
    return found


def _searched(row: Row) -> Normal:
    return digits(matching_copy(row["question"], Synonyms(())))


def _hits(passages: Sequence[Passage]) -> list[Hit]:
    return [Hit(passage, 1.0, 1.0, 1.0) for passage in passages]


def comparison_samples(rows: Iterable[Row], texts: Mapping[str, str], form: Form) -> list[Sample]:
    """Return one sample for each conclusion drawn from a question's whole document.

    A question of another form that is taken for one of this form is a sample of what is wrong.
    """
    found = []
    parsed: dict[str, tuple[list[Line], list[Statement]]] = {}
    for row in rows:
        title = row["document"]
        asked = digits(row["question"])
        if title not in texts or form not in asked_forms(asked):
            continue
        if title not in parsed:
            lines = lines_of(texts[title], sentences(texts[title]), above=title)
            parsed[title] = lines, statements(lines)
        lines, known = parsed[title]
        conclusion = CONCLUDERS[form].conclude(asked, known, lines)
        if conclusion and conclusion.features:  # what is first of two dates is decided by rule
            found.append(Sample(title, conclusion.features, _right(row, conclusion, form, lines)))
    return found


def _right(row: Row, conclusion: Conclusion, form: Form, lines: Sequence[Line]) -> bool:
    """Return whether a conclusion is the expected one: the name, the very figures of a comparison, the value.

    The rows that a list names are right when they are those of the written answer.
    """
    if form is Form.COUNT and row["form"] == "list":
        return {lines[operand.line].text for operand in conclusion.operands} == set(row["quotes"])
    if row["label"] != "answered" or not row["verdict"] or row["form"] != form:
        return False
    if form is Form.COUNT:
        return bool(_value(conclusion.verdict)[0] == _value(row["verdict"])[0])
    if form is Form.COMPUTE:
        return _value(conclusion.verdict) == _value(row["verdict"])
    mine, right = set(normalise(conclusion.verdict)), set(normalise(row["verdict"]))
    figures = {operand["words"] for operand in row["operands"]}
    same = len(figures) == 2 and {operand.words for operand in conclusion.operands} == figures
    return same or mine <= right or right <= mine


def _value(verdict: str) -> tuple[Any, ...]:
    """Return the figure of a verdict with its unit; the text itself where it has none."""
    figures = facts(verdict).figures
    return (figures[0].value, figures[0].unit) if figures else (verdict,)


def fit(found: Sequence[Sample], *, both: bool) -> dict[str, Any]:
    """Fit the constants and the threshold from which `WANTED` of what is shown is right, measured on other documents.

    With `both`, a low probability is a conclusion as well: no. A sample without a label counts half as yes and half as
    no, and is wrong where it is shown.
    """
    names = _names(found)
    rows = np.array([[sample.features.get(name, 0.0) for name in names] for sample in found])
    labels = np.array([0.5 if sample.label is None else float(sample.label) for sample in found])
    folds = _folds(found)
    held_out = np.zeros(len(found))
    for fold in range(FOLDS):
        inside = folds == fold
        weights = _weights(rows[~inside], labels[~inside])
        held_out[inside] = logistic.probability(rows[inside] @ weights[:-1] + weights[-1])
    weights = _weights(rows, labels)
    sure = np.maximum(held_out, 1 - held_out) if both else held_out
    right = np.where(held_out > 0.5, labels == 1, labels == 0) if both else labels == 1
    threshold = _threshold(sure, right, WANTED)
    shown, answerable = sure >= threshold, labels != 0.5
    return {
        "weights": {n: round(float(w), 4) for n, w in zip(names, weights[:-1], strict=True) if abs(w) >= 0.005},
        "bias": round(float(weights[-1]), 4),
        "threshold": round(threshold, 4),
        "report": {
            "questions": int(answerable.sum()),
            "without a right conclusion": int((~answerable).sum()),
            "shown": round(float(shown[answerable].mean()), 4),
            "right of those shown": round(float(right[shown].mean()), 4) if shown.any() else None,
            "right of all": round(float(right[answerable].mean()), 4),
            "shown at": {
                f"{share:.2f}": round(float((sure >= _threshold(sure, right, share))[answerable].mean()), 4)
                for share in SHARES
            },
        },
    }


def _weights(rows: Floats, labels: Floats) -> Floats:
    """Return the weights of a logistic regression on labels of 0, 1, and 0.5 for as much the one as the other."""
    half = labels == 0.5
    twice = np.concatenate([np.where(half, 1.0, labels), np.zeros(half.sum())])
    importance = np.where(half, 0.5, 1.0)
    return logistic.fit(np.vstack([rows, rows[half]]), twice, np.concatenate([importance, importance[half]]))


def _threshold(sure: Floats, right: Any, wanted: float) -> float:
    """Return the lowest confidence from which the shown answers are right as often as wanted."""
    order = np.argsort(-sure, kind="stable")
    share = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    ranked = np.append(sure[order], -1.0)  # equals are shown together
    enough = [n for n in range(9, len(order)) if share[n] >= wanted and ranked[n + 1] < ranked[n]]
    return float(sure[order[enough[-1]]]) if enough else 1.0


def _names(found: Sequence[Sample]) -> list[str]:
    return sorted({name for sample in found for name in sample.features})


def _folds(found: Sequence[Sample]) -> Any:
    documents = sorted({sample.document for sample in found})
    order = np.random.default_rng(7).permutation(len(documents))
    fold_of = {documents[i]: place % FOLDS for place, i in enumerate(order)}
    return np.array([fold_of[sample.document] for sample in found])


def train_comparisons(
    questions: Iterable[Path], forms: Sequence[Path], *, out: Path, progress: Callable[[str], None]
) -> Path:
    """Fit how sure a computed comparison is; return the file of constants. Raises `QuestionFileError`.

    `questions` are the files of the documents that the questions in `forms` are asked on.
    """
    rows, documents = _rows_on(questions, forms, progress)
    texts = {title: document.text for title, document in documents.items()}
    found = {form.value: fit(comparison_samples(rows, texts, form), both=False) for form in CONCLUDERS}
    return save(found, out / "comparisons.json", progress)


def train_polarity(
    questions: Iterable[Path],
    forms: Sequence[Path],
    *,
    reader: ExtractiveReader,
    counter: Callable[[str], int],
    out: Path,
    progress: Callable[[str], None],
) -> Path:
    """Fit how sure yes or no and a corrected premise are; return the file of constants. Raises `QuestionFileError`.

    The verifier must not have learned the verdicts in `forms`; `counter` counts the tokens of a text.
    """
    rows, documents = _rows_on(questions, forms, progress)
    splitter = Splitter(counter, PASSAGE_TOKENS)
    asked = {row["document"] for row in rows}
    passages = {title: splitter.split(document) for title, document in documents.items() if title in asked}
    fitted = {
        Form.YES_NO.value: fit(polarity_samples(rows, passages, reader), both=True),
        Form.PREMISE.value: fit(premise_samples(rows, passages, reader), both=False),
    }
    return save(fitted, out / "polarity.json", progress)


def _rows_on(
    questions: Iterable[Path], forms: Sequence[Path], progress: Callable[[str], None]
) -> tuple[list[Row], dict[str, Document]]:
    if not forms:
        raise QuestionFileError("Give --forms: the questions with their right form")
    rows = read_rows(forms)
    documents = {written.document.title: written.document for path in questions for written in read_written(path)}
    progress(f"{len(rows)} questions on {len({row['document'] for row in rows})} documents")
    return rows, documents


def save(constants: Mapping[str, Any], path: Path, progress: Callable[[str], None]) -> Path:
    """Write fitted constants and report what was measured; return the path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(constants, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    progress(f"{path.name}: {report(path)}")
    return path


def report(path: Path) -> str:
    """Return the measurements of the constants in a file, on one line."""
    content = json.loads(path.read_text(encoding="utf-8"))
    return json.dumps({name: one["report"] for name, one in content.items()}, ensure_ascii=False)
