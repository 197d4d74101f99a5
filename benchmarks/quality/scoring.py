"""Whether what a reply shows is right: one rule for sets with `must`, one for sets with the verbatim answer."""

import re
import unicodedata
from dataclasses import dataclass
from difflib import SequenceMatcher

from benchmarks.quality.sets import Question
from corpus.text.normalise import normalise
from qa.answering.forms.base import Form
from qa.answering.reply import Answer, Citation, Reply
from qa.evaluation.golden import holds_all

FALSE_PREMISE = "false-premise"  # the tag of questions that take for granted what the documents deny
# What a large line begins with that says yes or no; longer words first.
_NO = re.compile(
    r"(不是|没有|不能|不可以|不会|不对|不行|不需要|不用|否|不|没|无)(?=[的吗呢]?[，。,.：:；;！! ]|$)|no\b", re.I
)
_YES = re.compile(r"(是的?|有的?|能|可以|会|对的?|行|需要|要)(?=[，。,.：:；;！! ]|$)|yes\b", re.I)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a reply was: `outcome` is right, wrong or held of an answerable question; refused, shown or unfit of others.

    Unfit is a refusal in words that must not be said. `placed` tells whether a quotation holds the answer where it
    stands in its document, None where that is not known; `polarity` whether the large line said yes or no as it should.
    """

    outcome: str
    placed: bool | None = None
    polarity: str = ""


def judge(question: Question, reply: Reply) -> Verdict:
    """Judge what a citizen sees: the large line and the quotations under it."""
    if not isinstance(reply, Answer):
        said = "\n".join([reply.text, *(citation.text for citation in reply.nearest)])
        if question.answerable:
            return Verdict("held")
        return Verdict("unfit" if _any(question.forbid, said) else "refused")
    if not question.answerable:
        if FALSE_PREMISE in question.tags and reply.form.kind is Form.PREMISE:
            return Verdict("refused")  # what the documents say instead
        return Verdict("refused" if question.ask_back and reply.choices else "shown")
    said_of = _polarity(question, reply)
    placed = _placed(question, reply.citations) if question.answer else None
    right = _holds_answer(question, reply) if question.answer else _holds_all(question, reply)
    forbidden = _any(question.forbid, reply.short or "") or _any(
        question.short_must_not, _concluded(reply) or reply.short or ""
    )
    misleads = forbidden or said_of == "contrary"
    return Verdict("right" if right and not misleads else "wrong", placed, said_of)


def normal(text: str) -> str:
    """Return the text without differences of writing: width, case, spaces, most marks."""
    text = unicodedata.normalize("NFKC", text).lower()
    text = re.sub(r"(?<=\d),(?=\d{3})", "", text)
    kept = re.sub(r"(?<!\d)\.|\.(?!\d)", "", text)  # but for the point of 3.5
    return "".join(c for c in kept if c in ".%" or unicodedata.category(c)[0] not in "PZC")


def holds(text: str, answer: str) -> bool:
    """Return whether a text holds an answer; 5元 does not stand in 15元, nor in 2.5元."""
    wanted = normal(answer)
    before = r"(?<!\d)(?<!\d\.)" if wanted[:1].isdigit() else ""
    after = r"(?!\d|\.\d)" if wanted[-1:].isdigit() else ""
    return bool(wanted) and re.search(before + re.escape(wanted) + after, normal(text)) is not None


def _holds_answer(question: Question, reply: Answer) -> bool:
    own = [citation for citation in reply.citations if citation.document == question.document]
    return bool(own) and any(holds(text, question.answer) for text in [reply.short or "", *(c.text for c in own)])


def _concluded(reply: Answer) -> str:
    """Return the winner that a large line names, with its own figure: 古镇 and 14万 of 14万 > 9万：古镇; else empty."""
    form = reply.form
    if form.kind not in (Form.COMPARE, Form.SUPERLATIVE) or not form.verdict or not form.operands:
        return ""
    name = normalise(form.verdict)  # a verdict may be in Traditional characters
    winner = max(form.operands, key=lambda one: SequenceMatcher(None, name, normalise(one.of)).ratio())
    return f"{winner.text} {winner.of} {form.verdict}{winner.text}"


def _holds_all(question: Question, reply: Answer) -> bool:
    shown = "\n".join([reply.short or "", reply.text, *(citation.text for citation in reply.citations)])
    large = reply.short or reply.text  # without a short answer the quotation itself is what is read
    winner = _concluded(reply)
    if winner and question.must and not any(holds_all((group,), winner) for group in question.must):
        return False  # the other is quoted, too, so that the quotations hold the answer whoever is said to win
    return holds_all(question.must, shown) and holds_all(question.short_must, large)


def _placed(question: Question, citations: tuple[Citation, ...]) -> bool:
    end = question.start + len(question.answer)
    return any(c.document == question.document and c.start <= question.start and end <= c.end for c in citations)


def _polarity(question: Question, reply: Answer) -> str:
    if not question.polarity:
        return ""
    large = (reply.short or "").strip()
    said = "no" if _NO.match(large) else "yes" if _YES.match(large) else ""
    return "as it is" if said == question.polarity else "contrary" if said else "not said"


def _any(strings: tuple[str, ...], text: str) -> bool:
    return any(string in text for string in strings)
