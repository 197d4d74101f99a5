"""Training examples of the reader: answered questions as they stand, and unanswerable ones made from them.

The sets hold answerable questions only. What decides the reader's worth is what it learns to refuse, so each
question is also paired with passages that do not answer it, and changed until its own passage does not either.
"""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import bm25s
import rjieba

from corpus.text.normalise import converted
from corpus.text.sentences import sentences
from qa.evaluation.squad import Paragraph, SquadQuestion, read_squad
from qa.training.paragraphs import perturbations

POSITIVE = ("paragraph", "window")
NEGATIVE = (
    "other_window",
    "retrieved",
    "answer_cut",
    "changed_number",
    "changed_name",
    "exchanged",
    "changed_attribute",
    "asked_beside",
    "random",
)
# Characters of a window: the product reads passages of about 250 characters, the test sets whole paragraphs.
WINDOW = (90, 330)
VALIDATION_SHARE = 0.05
TRADITIONAL_SHARE = 0.15


@dataclass(frozen=True, slots=True)
class Example:
    """A question, a passage and the answer's characters `[start, end)` in it; both -1 when it holds none."""

    question: str
    passage: str
    start: int
    end: int
    kind: str
    # The question it was made from: examples of one question stay in one split.
    group: str
    # Whether the span is the shortest answer; else it only holds it.
    exact: bool = True

    @property
    def answerable(self) -> bool:
        return self.start >= 0


def read_training_sets(folder: Path) -> tuple[list[Paragraph], list[Paragraph]]:
    """Return training and validation paragraphs of the folder, split by title. Never open a test set."""
    drcd = read_squad(folder / "drcd_dev.json")
    paragraphs = read_squad(folder / "cmrc2018_train.json") + drcd + [_simplified(paragraph) for paragraph in drcd]
    simplify = partial(converted, direction="t2s")
    held_out = {title for title in {simplify(p.title) for p in paragraphs} if _share(title) < VALIDATION_SHARE}
    training = [p for p in paragraphs if simplify(p.title) not in held_out]
    return training, [p for p in paragraphs if simplify(p.title) in held_out]


def build(paragraphs: Sequence[Paragraph], *, seed: int) -> Iterator[Example]:
    """Yield the examples made of `paragraphs`, answerable and not, in a fixed order for a seed."""
    chance = random.Random(seed)
    passages = _Passages(paragraphs)
    names = perturbations.Names(p.text for p in paragraphs)
    for number, paragraph in enumerate(paragraphs):
        for question in paragraph.questions:
            answer, start = question.answers[0]
            if paragraph.text[start : start + len(answer)] != answer or not answer.strip():
                continue
            group = f"{number}/{question.question_id}"
            for kind, text, passage, span in _of_question(paragraph, question, passages, names, chance):
                if chance.random() < TRADITIONAL_SHARE:
                    text, passage = _traditional(text, passage)
                yield Example(text, passage, span[0], span[1], kind, group)


_Made = tuple[str, str, str, tuple[int, int]]
_NONE = (-1, -1)


def _of_question(
    paragraph: Paragraph,
    question: SquadQuestion,
    passages: "_Passages",
    names: perturbations.Names,
    chance: random.Random,
) -> Iterator[_Made]:
    answer, start = question.answers[0]
    span = (start, start + len(answer))
    text, ask = paragraph.text, question.text
    titled = _titled(paragraph.title, chance)

    yield ("paragraph", _reworded(ask, chance), *titled(text, span))
    for _ in range(2):
        yield ("window", _reworded(ask, chance), *titled(*_window_with(text, span, chance)))

    rest = text[: span[0]] + "\n" + text[span[1] :]
    if other := _window_without(text, answer, chance):
        yield ("other_window", _reworded(ask, chance), *titled(other, _NONE))
    for passage in passages.wrong(ask, answer, paragraph, count=2, chance=chance):
        yield ("retrieved", _reworded(ask, chance), *_titled(passage.title, chance)(passage.text, _NONE))
    if answer not in rest:
        yield ("answer_cut", _reworded(ask, chance), *titled(_cut(text, span, chance), _NONE))
    window, inner = _window_with(text, span, chance)
    near, _ = (text, span) if chance.random() < 0.4 else (window, inner)
    for kind, changed in perturbations.unanswerable(ask, answer, text, names=names, chance=chance):
        yield (kind, _reworded(changed, chance), *titled(near, _NONE))
    if chance.random() < 0.25:
        passage = passages.any(chance)
        if passage.title != paragraph.title and answer not in passage.text:
            yield ("random", ask, *_titled(passage.title, chance)(passage.text, _NONE))


def _titled(title: str, chance: random.Random) -> Callable[[str, tuple[int, int]], tuple[str, tuple[int, int]]]:
    """Put the title in front half of the time, as the product puts title and headings before a passage."""
    prefix = f"{title}\n" if title and not title.startswith(("TRAIN", "DEV")) and chance.random() < 0.5 else ""

    def put(text: str, span: tuple[int, int]) -> tuple[str, tuple[int, int]]:
        moved = span if span == _NONE else (span[0] + len(prefix), span[1] + len(prefix))
        return prefix + text, moved

    return put


def _reworded(question: str, chance: random.Random) -> str:
    return perturbations.reword(question, chance)


def _window_with(text: str, span: tuple[int, int], chance: random.Random) -> tuple[str, tuple[int, int]]:
    """Return whole sentences around the answer, with more before or after it at random."""
    ranges = sentences(text)
    inside = [i for i, (start, end) in enumerate(ranges) if start < span[1] and end > span[0]]
    first, last = inside[0], inside[-1]
    size = chance.randint(*WINDOW)
    while ranges[last][1] - ranges[first][0] < size and (first > 0 or last < len(ranges) - 1):
        if first > 0 and (last == len(ranges) - 1 or chance.random() < 0.5):
            first -= 1
        else:
            last += 1
    start, end = ranges[first][0], ranges[last][1]
    return text[start:end], (span[0] - start, span[1] - start)


def _window_without(text: str, answer: str, chance: random.Random) -> str:
    ranges = sentences(text)
    size = chance.randint(*WINDOW)
    starts = list(range(len(ranges)))
    chance.shuffle(starts)
    for first in starts[:6]:
        last = first
        while last < len(ranges) - 1 and ranges[last][1] - ranges[first][0] < size:
            last += 1
        window = text[ranges[first][0] : ranges[last][1]]
        if answer not in window and len(window) > 30:
            return window
    return ""


def _cut(text: str, span: tuple[int, int], chance: random.Random) -> str:
    """Return the passage with the answer's whole sentence gone, or only the clause that holds it."""
    ranges = [r for r in sentences(text) if r[0] < span[1] and r[1] > span[0]]
    start, end = ranges[0][0], ranges[-1][1]
    if chance.random() < 0.5 or end - start > 0.8 * len(text):
        start = max(start, text.rfind("，", start, span[0]) + 1)
        comma = text.find("，", span[1], end)
        end = comma + 1 if comma >= 0 else span[1]
    left = text[:start] + text[end:]
    return left if len(left) > 20 else text[: span[0]] + text[span[1] :]


class _Passages:
    """Paragraphs searchable by their words, for the best wrong ones."""

    def __init__(self, paragraphs: Sequence[Paragraph]) -> None:
        self._paragraphs = paragraphs
        self._windows: list[Paragraph] = []
        for paragraph in paragraphs:
            ranges = sentences(paragraph.text)
            start = 0
            for _, end in ranges:
                if end - start >= 220 or end == len(paragraph.text):
                    self._windows.append(Paragraph(paragraph.title, paragraph.text[start:end], ()))
                    start = end
        self._index = bm25s.BM25()
        self._index.index([rjieba.cut_for_search(window.text) for window in self._windows], show_progress=False)

    def any(self, chance: random.Random) -> Paragraph:
        return chance.choice(self._windows)

    def wrong(
        self, question: str, answer: str, own: Paragraph, *, count: int, chance: random.Random
    ) -> list[Paragraph]:
        found, _ = self._index.retrieve(
            [rjieba.cut_for_search(question)], k=min(14, len(self._windows)), show_progress=False
        )
        candidates = [self._windows[int(i)] for i in found[0]]
        wrong = [w for w in candidates if answer not in w.text and w.text not in own.text]
        return chance.sample(wrong[:6], min(count, len(wrong[:6])))


def _traditional(question: str, passage: str) -> tuple[str, str]:
    """Return both in Traditional characters; unchanged if the passage's places would move."""
    changed = converted(passage, "s2t")
    return (converted(question, "s2t"), changed) if len(changed) == len(passage) else (question, passage)


def _simplified(paragraph: Paragraph) -> Paragraph:
    """Return the same in Simplified characters; questions whose answer would not stand at its place are left out."""
    convert = partial(converted, direction="t2s")
    text = convert(paragraph.text)
    questions = tuple(
        SquadQuestion(f"{q.question_id}-s", convert(q.text), answers)
        for q in paragraph.questions
        if (answers := tuple((convert(a), s) for a, s in q.answers if text[s : s + len(convert(a))] == convert(a)))
    )
    return Paragraph(convert(paragraph.title), text, questions)


def _share(title: str) -> float:
    return random.Random(f"validation {title}").random()
