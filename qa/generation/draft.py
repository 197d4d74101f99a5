"""An answer being written: the sentences that passed the checks, and the citations that they rest on."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from corpus.document import Passage, Span
from qa.answering.reply import MAX_QUOTE, WRITTEN, Answer, Citation, Sentence
from qa.generation.faults import Fault
from qa.generation.grounding import Support, Verdict

# Reasons why an answer that should have been written is the quoted one.
RESTING, DOWN, BROKEN, BUSY, UNSUPPORTED, NOTHING = "resting", "down", "broken", "busy", "unsupported", "nothing"


class Grounds(Protocol):
    """Finds the passages behind an answer."""

    def evidence(self, answer: Answer) -> Sequence[Passage]: ...
    def cite(self, passage: Passage, span: Span) -> Citation: ...


@dataclass
class Draft:
    """The state of an answer being written."""

    quoted: Answer
    passages: Sequence[Passage]
    grounds: Grounds

    def __post_init__(self) -> None:
        self.sentences: list[Sentence] = []
        self.citations: list[Citation] = []
        self.left_out: list[str] = []
        self.judged = 0

    def take(self, verdict: Verdict) -> bool:
        """Add a sentence that has no fault and is new; return whether it was added."""
        self.judged += 1
        if verdict.fault:
            self.left_out.append(verdict.fault.value)
        if verdict.fault or verdict.text in [sentence.text for sentence in self.sentences]:
            return False
        places = []
        for support in verdict.support:
            citation = self._citation(support)
            if citation not in self.citations:
                self.citations.append(citation)
            places.append(self.citations.index(citation))
        self.sentences.append(Sentence(verdict.text, tuple(dict.fromkeys(places))))
        return True

    def answer(self) -> Answer:
        """Return the answer with the sentences so far; the quoted citations follow the new ones."""
        rest = [c for c in self.quoted.citations if not any(_same_words(c, cited) for cited in self.citations)]
        return replace(
            self.quoted,
            text="".join(map(_numbered, self.sentences)),
            citations=(*self.citations, *rest),
            made_by=WRITTEN,
            sentences=tuple(self.sentences),
            left_out=tuple(self.left_out),
        )

    def finished(self) -> Answer:
        """Return the written answer, or the quoted one if no sentence rests on the words the reader chose."""
        if not self.sentences:
            why = UNSUPPORTED if self.left_out else NOTHING
            return replace(self.quoted, unwritten=why, left_out=tuple(self.left_out))
        chosen = [c for c in self.citations for q in self.quoted.citations if _meets(c, q)]
        under = [c for c in self.citations for q in self.quoted.citations if q.text.strip() in c.headings]
        if not chosen and not under:
            return replace(self.quoted, unwritten=UNSUPPORTED, left_out=(*self.left_out, Fault.DISAGREES.value))
        return self.answer()

    def _citation(self, support: Support) -> Citation:
        text = self.passages[support.passage].document.text
        words = support.span.of(text)
        start = support.span.start + len(words) - len(words.lstrip())
        end = min(support.span.start + len(words.rstrip()), start + MAX_QUOTE)
        return self.grounds.cite(self.passages[support.passage], Span(start, end))


def _numbered(sentence: Sentence) -> str:
    return sentence.text + "".join(f"[{place + 1}]" for place in sentence.citations)


def _meets(citation: Citation, other: Citation) -> bool:
    return citation.document == other.document and citation.span.overlaps(other.span)


def _same_words(citation: Citation, other: Citation) -> bool:
    return citation.document == other.document and citation.span.lies_in(other.span)
