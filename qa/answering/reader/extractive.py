"""The trained reader: reads question and passages together and finds the exact words, or reports that none answer."""

import copy
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from corpus.document import Passage, Span
from corpus.text.normalise import normalise
from index.embedding.running import Run
from index.retrieve import Hit
from index.snapshots.snapshot import indexed_text
from qa.answering.answer_checks.taken_for import is_taken_for_the_answer
from qa.answering.question.analysis import Question, analysed
from qa.answering.reader import calibration
from qa.answering.reader.base import Finding, Reading, apart, finding
from qa.answering.reader.calibration import Calibration, QuestionFeatures, Read
from qa.answering.reader.editions import with_newer_ones
from qa.answering.reader.encoding import PairEncoder, best_span, padded
from qa.answering.reader.quotations import answer_start, below_heading, best_words, said, units_around, whole_answer
from qa.answering.reader.values import alike, differ, tells, value_of
from qa.answering.reader.verifier.judging import UNVERIFIED, Quoted, Verdict, Verifier

MAX_TOKENS = 384  # question and passage; a longer passage is read in windows
LEAST_TOKENS = 96  # from here on OpenVINO keeps one copy of the weights, for shorter inputs a second one (83 MB)

# Nearly every answer stands in the first passages. Once one is this sure to answer, no further one is read; beyond the
# first, none is read whose cosine is this far below the best (docs/decisions/reading-order.md).
READ_FIRST = 2
SURE = 0.8
NEAR = 0.06
# Of the others, those that are surest without the verifier are the surest with it (99 of 100 questions).
VERIFIED = 2
# Of 11,130 quotations none had a logit above 6.6. What this would not lift over the threshold is not verified.
MOST_SETTLES = 8.0

_SEVERAL = re.compile(r"分别|各是|各为|哪些|哪几|从.{1,12}到.{1,12}|多少.{1,12}多少")
_LIST = re.compile(
    r"哪些|哪几|哪两|哪三|分别|包括|有什么|内容|是什么|几类|几种|哪种|(?:带|交|准备|需要|提供|拿)(?:些|点)?(?:什么|啥)|(?:什么|啥)(?:材料|证件|手续)"
)

# How close a passage must come to the surest one to contradict it: in shared question words, in confidence, and in
# the words around the two figures (docs/decisions/contradicting-documents.md).
_AS_MUCH, _AS_SURE, _ALIKE = 0.05, 0.3, 0.5

_MOST_FINDINGS = 3
REMEMBERED = 6_000  # windows, 1 to 4 kB each


@dataclass(frozen=True, slots=True)
class Reckoning:
    """A passage as read: its best span in the document, its features, and the confidence (0–1) that it answers.

    `verdict` is what the verifier says of the quotation.
    """

    hit: Hit
    span: Span
    features: Mapping[str, float]
    confidence: float
    verdict: Verdict = UNVERIFIED

    @property
    def text(self) -> str:
        """The words of the span."""
        return self.span.of(self.hit.passage.document.text)

    @property
    def quote(self) -> str:
        """The sentence around the span."""
        return units_around(self.hit.passage, self.span)[0].of(self.hit.passage.document.text)

    @property
    def reading(self) -> float:
        """The network's own logits added up: the span's above "no answer here", and the judge's."""
        return self.features["margin"] + self.features["judged"]


class ExtractiveReader:
    """Reads one hit after the other until one is sure to answer; the surest passage answers."""

    def __init__(
        self,
        run: Run,
        encoder: PairEncoder,
        verifier: Verifier | None = None,
        *,
        known: Calibration | None = None,
        threshold: float | None = None,
    ) -> None:
        """`run` is the network. Without a verifier nothing is verified. `threshold` (0–1) is the calibration's."""
        self._encoder = encoder
        self._verifier = verifier
        self._calibration = known or calibration.read()
        self.threshold = self._calibration.threshold if threshold is None else threshold
        # The same questions come again: from many citizens, and from the golden questions at every refresh. Each window
        # runs alone: that is as fast as together, and none is padded to the length of another.
        self._output = lru_cache(maxsize=REMEMBERED)(
            lambda tokens: [row[0] for row in run(padded([tokens], least=LEAST_TOKENS))]
        )

    def at(self, threshold: float) -> "ExtractiveReader":
        """Return the same reader with another threshold (0–1)."""
        other = copy.copy(self)
        other.threshold = threshold
        return other

    def read(self, question: Question | str, hits: Sequence[Hit]) -> Reading:
        question = analysed(question)
        several = bool(_SEVERAL.search(question.search))
        near = _near(hits)
        first = 0 if several else READ_FIRST
        read: list[Reckoning] = []
        unverified: list[Reckoning] = []
        for hit in near[:first]:
            read += self._verified_if_open(question, self._unverified(question, [hit]))
            if any(one.confidence >= max(SURE, self.threshold) for one in read):
                break
        else:
            unverified = sorted(self._unverified(question, near[first:]), key=lambda one: -one.confidence)
            read += self._verified_if_open(question, unverified[:VERIFIED])
        if not read:
            return Reading((), 0.0)
        read.sort(key=lambda one: -one.confidence)
        best = read[0]
        findings = [quotation(best, question)]
        if best.confidence < self.threshold:
            return Reading(tuple(findings), best.confidence)
        read += self._verified_if_open(question, unverified[VERIFIED:])
        read.sort(key=lambda one: -one.confidence)
        others = self._of_others(question, best, read, hits)
        if other := next((one for one in others if self._contradicts(best, one)), None):
            return Reading((findings[0], quotation(other, question)), best.confidence, contradictory=True)
        rivals = tuple(quotation(other, question) for other in others if self._rivals(best, other))
        if several:
            sure = [other for other in read[1:] if other.confidence >= self.threshold]
            findings += [quotation(other, question) for other in sure[: _MOST_FINDINGS - 1]]
        return Reading(apart(findings), best.confidence, rivals=rivals)

    def _of_others(
        self, question: Question, best: Reckoning, read: Sequence[Reckoning], hits: Sequence[Hit]
    ) -> list[Reckoning]:
        """Return the passages of other documents, the surest first; those as much about the question are read too."""
        known = {id(one.hit) for one in read}
        asked = QuestionFeatures(question)
        unread = [
            hit
            for hit in hits
            if id(hit) not in known
            and hit.passage.document.name != best.hit.passage.document.name
            and asked.held(hit) >= best.features["held"] - _AS_MUCH
        ]
        found = (*read, *self._verified_if_open(question, self._unverified(question, unread)))
        others = [one for one in found if one.hit.passage.document.name != best.hit.passage.document.name]
        return sorted(others, key=lambda one: -one.confidence)

    def _contradicts(self, best: Reckoning, other: Reckoning) -> bool:
        """Return whether another document's passage has another value and is as surely about the question."""
        covers = all(other.features[name] >= best.features[name] - _AS_MUCH for name in ("held", "quoted", "pairs"))
        as_good = other.features["figures"] <= best.features["figures"] and other.features["kind"] >= 0
        differs = differ(best.text, other.text) and alike(best.quote, other.quote) >= _ALIKE
        # A sentence that tells both, of two years or things, contradicts neither. The same clause of a newer edition
        # counts, however sure the reader is of its other words.
        as_sure = self._is_as_sure(best, other) and not tells(best.quote, other.text)
        return covers and as_good and differs and (as_sure or _is_newer(other, than=best))

    def _rivals(self, best: Reckoning, other: Reckoning) -> bool:
        """Return whether another document's passage answers as surely with another value, or in words of its own."""
        covers = other.features["held"] >= best.features["held"] - _AS_MUCH
        values = value_of(best.text), value_of(other.text)
        # A figure has no pair of characters to be alike in, and not every unit makes a value.
        same = best.text in other.quote or other.text in best.quote
        says_else = values == (None, None) and not same and alike(best.text, other.text) < _ALIKE
        return covers and self._is_as_sure(best, other) and (says_else or differ(best.text, other.text))

    def _is_as_sure(self, best: Reckoning, other: Reckoning) -> bool:
        return other.confidence >= max(self.threshold, best.confidence - _AS_SURE)

    def reckon(self, question: Question | str, hits: Sequence[Hit]) -> list[Reckoning]:
        """Read the hits and return a verified reckoning for each passage that holds a span."""
        question = analysed(question)
        return self._verified(question, self._unverified(question, hits))

    def _unverified(self, question: Question, hits: Sequence[Hit]) -> list[Reckoning]:
        """Return reckonings whose confidence counts the verifier's logit as 0."""
        known, found = QuestionFeatures(question), []
        for hit, read in zip(hits, self._spans(question, [hit.passage for hit in hits]), strict=True):
            if read:
                span, numbers = read
                quote = units_around(hit.passage, span)[0].of(hit.passage.document.text)
                if is_taken_for_the_answer(question.search, normalise(f"{_above(hit.passage)}{quote}"), numbers.text):
                    continue
                features = known.of(hit, quote, numbers)
                found.append(Reckoning(hit, span, features, self._calibration.probability(features)))
        return found

    def _verified_if_open(self, question: Question, reckonings: Sequence[Reckoning]) -> list[Reckoning]:
        """Verify what the surest verdict would lift over the threshold; return the others as they are."""
        open_to_show: list[Reckoning] = []
        left: list[Reckoning] = []
        for one in reckonings:
            at_most = self._calibration.probability({**one.features, "settles": MOST_SETTLES})
            (open_to_show if at_most >= self.threshold else left).append(one)
        return left + self._verified(question, open_to_show)

    def _verified(self, question: Question, reckonings: Sequence[Reckoning]) -> list[Reckoning]:
        if self._verifier is None:
            return list(reckonings)
        quoted = [Quoted(_above(one.hit.passage), one.quote) for one in reckonings]
        found = []
        for one, verdict in zip(reckonings, self._verifier.judge(question.search, quoted), strict=True):
            features = {**one.features, "settles": verdict.settles}
            probability = self._calibration.probability(features)
            found.append(replace(one, features=features, confidence=probability, verdict=verdict))
        return found

    def _spans(self, question: Question, passages: Sequence[Passage]) -> list[tuple[Span, Read] | None]:
        """Return the best span of each passage with its logits; None for a passage without a span."""
        texts = [indexed_text(passage) for passage in passages]
        windows = self._encoder.encode([(question.search, text) for text in texts])
        best: list[tuple[Span, Read] | None] = [None] * len(passages)
        for window in windows:
            number, passage = window.passage, passages[window.passage]
            start, end, judged = self._output((tuple(window.ids), window.first, len(window.offsets)))
            above = len(_above(passage))  # read, not quoted
            answers = above + answer_start(passage) - passage.span.start
            margin, (begin, stop) = best_span(start, end, window, after=answers)
            reading, known = margin + float(judged), best[number]
            better = known is None or reading > known[1].margin + known[1].judged
            if math.isfinite(margin) and stop > begin and better:
                span = best_words(question.search, passage, begin - above, stop - above)
                words = span.of(passage.document.text)
                best[number] = span, Read(margin, float(judged), words)
        return best


def _is_newer(one: Reckoning, *, than: Reckoning) -> bool:
    earlier = than.hit.passage.document
    return earlier.name in with_newer_ones([earlier, one.hit.passage.document])


def _near(hits: Sequence[Hit]) -> list[Hit]:
    """Return the first hits and those of the others that are nearly as close to the question as the closest."""
    least = max((hit.dense for hit in hits), default=0.0) - NEAR
    return [hit for rank, hit in enumerate(hits) if rank < READ_FIRST or hit.dense >= least]


def quotation(read: Reckoning, question: Question | str) -> Finding:
    """Return the quotation of a passage, with the verifier's verdict on it."""
    return replace(_quoted(read, analysed(question)), verdict=read.verdict)


def _quoted(read: Reckoning, question: Question) -> Finding:
    """Return the sentence around the span, the whole list if one is asked for or opened, or an FAQ's whole answer."""
    passage = read.hit.passage
    short = said(question.search, passage, read.span)
    if whole_of_pair := whole_answer(passage, short, question):
        return whole_of_pair
    sentence, whole = units_around(passage, read.span)
    if below := below_heading(passage, sentence):
        return finding(passage, below, short if short.lies_in(below) else None)
    opens_list = sentence.of(passage.document.text).rstrip().endswith(("：", ":"))
    if whole != sentence and (opens_list or _LIST.search(question.search)):
        return finding(passage, whole)  # the list is the answer, not one of its items
    inside = read.span.lies_in(sentence)
    one_line = "\n" not in short.of(passage.document.text)  # what runs over list items is not a short answer
    return finding(passage, sentence, short if inside and one_line else None)


def _above(passage: Passage) -> str:
    """Return the title and headings that are read above a passage."""
    text = indexed_text(passage)
    return text[: len(text) - len(passage.text)]
