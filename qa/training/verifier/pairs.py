"""Questions with the quotations that settle them, and with those that seem to."""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from corpus.document import Passage, Span
from corpus.text.normalise import Normal, digits
from corpus.text.passages import Splitter
from index.search.lexical import LexicalIndex
from index.snapshots.snapshot import indexed_text
from qa.answering.forms.asking import asks_yes_or_no
from qa.answering.query_rewriting import Synonyms, matching_copy
from qa.answering.reader.quotations import Unit, units, units_around
from qa.answering.reader.verifier.judging import Quoted
from qa.training.questions.readings import Readings
from qa.training.questions.written import WrittenDocument, WrittenQuestion

LONGEST_QUOTE = 260  # characters; longer units of a document are whole lists
# Of answered questions, the share that is also paired with words of their document that do not answer; of unanswered
# ones, the share that is paired with a second quotation.
OTHER, SECOND = 0.6, 0.4
NEAREST = 0.75  # how often that is the unit most like the question, else one of the next
# What an answer that is no yes or no says of its question's premise is rarely in doubt.
PREMISE_HOLDS = 0.1
# The kind of an unanswered question that its document may contradict, which settles it.
PREMISE = "premise"


@dataclass(frozen=True, slots=True)
class Pair:
    """A question and a quotation: whether it settles the question, and whether what the question says holds.

    `holds` is None where the quotation does not settle it; `weight` (0–1) says how much that teaches.
    """

    question: str
    quoted: Quoted
    settles: bool
    holds: bool | None = None
    weight: float = 0.0


class VerifierPairs:
    """Draws pairs from documents with questions; what is near a question is decided by the terms they share."""

    def __init__(self, documents: Sequence[WrittenDocument], count_tokens: Callable[[str], int], max_tokens: int):
        splitter = Splitter(count_tokens, max_tokens)
        self._documents = documents
        self._units = [_units(splitter.split(written.document)) for written in documents]
        self._lexical = LexicalIndex.build([unit.text for found in self._units for unit in found])

    def epoch(self, seed: int | str) -> Iterator[Pair]:
        """Yield the pairs of all questions once, in the order of the documents."""
        chance = random.Random(f"verifier/{seed}")
        first = 0
        for number, written in enumerate(self._documents):
            rows = range(first, first + len(self._units[number]))
            first = rows.stop
            for question in written.questions:
                copy = digits(matching_copy(question.text, Synonyms(())))
                scores = self._lexical.scores(digits(matching_copy(question.wording, Synonyms(()))))
                order = sorted(range(len(rows)), key=lambda unit: -scores[rows[unit]])  # used at once
                if question.answer:
                    yield from self._answered(number, question, question.answer, copy, order=order, chance=chance)
                elif question.kind != PREMISE:
                    yield from self._unanswered(number, copy, order, chance)

    def _answered(
        self,
        number: int,
        question: WrittenQuestion,
        answer: Span,
        copy: Normal,
        *,
        order: Sequence[int],
        chance: random.Random,
    ) -> Iterator[Pair]:
        found = self._units[number]
        holding = [unit for unit in found if answer.lies_in(unit.span)]
        if not holding:
            return
        quote = min(holding, key=lambda unit: len(unit.span))
        yield _settled(question, copy, quoted(quote))
        words = answer.of(self._documents[number].document.text)
        others = [unit for unit in (found[i] for i in order[:6]) if words not in unit.text]
        others = [unit for unit in others if unit.span.end <= quote.span.start or quote.span.end <= unit.span.start]
        if others and chance.random() < OTHER:
            yield Pair(copy, quoted(others[0] if chance.random() < NEAREST else chance.choice(others[:3])), False)

    def _unanswered(self, number: int, copy: str, order: Sequence[int], chance: random.Random) -> Iterator[Pair]:
        nearest = [self._units[number][i] for i in order[:3]]
        if nearest and chance.random() >= NEAREST:
            chance.shuffle(nearest)
        for unit in nearest[: 2 if chance.random() < SECOND else 1]:
            yield Pair(copy, quoted(unit), False)


def pairs_of(read: Readings) -> Iterator[Pair]:
    """Yield a question with each quotation that the reader would show for it, each once.

    They are what the verifier is asked about: the reader chooses well among the words of a document, so that those of
    a near miss are more like an answer than any that share most terms with it.
    """
    question, answer = read.question, read.question.answer
    if not answer and question.kind == PREMISE:
        return
    words = answer.of(read.document.text) if answer else ""
    shown: dict[tuple[str, Span], Unit] = {}
    for one in read.found:
        passage = one.hit.passage
        sentence, _ = units_around(passage, one.span)
        shown.setdefault((passage.document.name, sentence), Unit(0, passage, sentence))
    for unit in shown.values():
        own = unit.passage.document is read.document
        if answer and own and answer.lies_in(unit.span):
            yield _settled(question, read.copy, quoted(unit))
        elif not words or words not in unit.text:  # the same words elsewhere may answer, too
            yield Pair(read.copy, quoted(unit), False)


def _settled(question: WrittenQuestion, copy: Normal, quoted: Quoted) -> Pair:
    known = question.verdict is not None
    holds = question.verdict if known else None if asks_yes_or_no(copy) else True
    return Pair(copy, quoted, True, holds, 1.0 if known else 0.0 if holds is None else PREMISE_HOLDS)


def _units(passages: Sequence[Passage]) -> list[Unit]:
    """Return what can be quoted from a document, each once although passages overlap."""
    found = {(unit.span.start, unit.span.end): unit for unit in units(passages)}
    return [unit for unit in found.values() if len(unit.span) <= LONGEST_QUOTE]


def quoted(unit: Unit) -> Quoted:
    """Return a quotation with the title and headings that the reader sees above its passage."""
    text = indexed_text(unit.passage)
    return Quoted(text[: len(text) - len(unit.passage.text)], unit.text)


def with_verdicts_repeated(pairs: Sequence[Pair], times: int) -> list[Pair]:
    """Return the pairs of an epoch, those with a verdict so many times."""
    verdicts = [pair for pair in pairs if pair.weight == 1.0]
    return [*pairs, *verdicts * (times - 1)]


def batched(pairs: Sequence[Pair], size: int, chance: random.Random) -> list[list[Pair]]:
    """Return all pairs in batches of like length, in a random order."""
    order = sorted(pairs, key=lambda pair: len(pair.question) + len(pair.quoted.quote) + chance.random() * 20)
    found = [order[begin : begin + size] for begin in range(0, len(order), size)]
    chance.shuffle(found)
    return found
