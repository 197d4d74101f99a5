"""The fields of a golden question as a form shows and sends them."""

from collections.abc import Sequence
from dataclasses import dataclass

from qa.answering.reply import Turn
from qa.runtime.errors import Unfit
from qa.staff.console import Console
from qa.staff.quality.golden_file import NewGolden
from qa.web.staff.pages.frame import Form

# The program writes three tags of its own.
TAGS = {"todo": "由待办出的题", "reviewed": "有人工答案", "log": "市民问过的"}
ELSE = "请在下面点选原文；它在还没有发布的文件里，就勾选“依据在还没有发布的文件里”再提交"
NAMES = ("question", "must", "evidence", "tags", "history", "why", "find")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fields:
    """The texts in the form; `marks` are the sentences that were marked, as the form names them.

    `unpublished` says that the evidence stands in a file which is not published yet.
    """

    question: str = ""
    answerable: bool = True
    must: str = ""
    evidence: str = ""
    tags: str = ""
    history: str = ""
    why: str = ""
    find: str = ""
    marks: frozenset[str] = frozenset()
    unpublished: bool = False


def fields_of(entry: NewGolden) -> Fields:
    """Return a question as the form shows it."""
    turns = "\n".join(line for turn in entry.history for line in (turn.question, turn.reply))
    return Fields(
        question=entry.question,
        answerable=entry.answerable,
        must=write_must(entry.must),
        evidence=entry.evidence,
        tags="、".join(entry.tags),
        history=turns,
    )


def typed(form: Form) -> Fields:
    """Return what was typed, as it was typed."""
    texts = {name: form.text(name) for name in NAMES}
    return Fields(
        **texts,
        answerable=form.text("answerable") != "no",
        marks=frozenset(form.texts("mark")),
        unpublished=form.text("unpublished") == "yes",
    )


def entry_of(console: Console, form: Form, marks: Sequence[tuple[str, int, int]]) -> NewGolden:
    """Return the question that a form holds; marked sentences are its evidence.

    Raises `Unfit`, also if no published document holds the evidence and the form does not say why.
    """
    sent = typed(form)
    evidence = sent.evidence.strip()
    if marks or (sent.answerable and not sent.unpublished):
        evidence = evidence_of(console, marks, evidence, otherwise=ELSE)
    return NewGolden(
        question=sent.question.strip(),
        must=read_must(sent.must) if sent.answerable else (),
        evidence=evidence if sent.answerable else "",
        tags=tuple(
            part.strip() for part in sent.tags.replace("，", "、").replace(",", "、").split("、") if part.strip()
        ),
        answerable=sent.answerable,
        history=_turns(sent.history),
    )


def evidence_of(console: Console, marks: Sequence[tuple[str, int, int]], written: str, *, otherwise: str) -> str:
    """Return the marked sentences, or else what was written.

    Raises `Unfit` if no published document holds it; `otherwise` says what to do.
    """
    if marks:
        return console.reviewed.source(*console.offers.marked(marks)).words
    if missing := console.offers.unfound(written):
        raise Unfit(f"没有提交：{missing}。{otherwise}")
    return written


def read_must(text: str) -> tuple[tuple[str, ...], ...]:
    """Return what an answer must contain, as typed into a form: a group a line, its alternatives between bars."""
    groups = (tuple(part.strip() for part in line.split("|") if part.strip()) for line in text.splitlines())
    return tuple(group for group in groups if group)


def write_must(must: Sequence[Sequence[str]]) -> str:
    """Return what an answer must contain, as a form shows it: a group a line, its alternatives between bars."""
    return "\n".join(" | ".join(group) for group in must)


def told(entry: NewGolden | None) -> dict[str, str]:
    """Return the fields of a question by their labels, to be compared; empty without a question."""
    if entry is None:
        return {}
    shown = fields_of(entry)
    return {
        "问题": shown.question,
        "应当": "回答" if shown.answerable else "不回答",
        "答案里必须出现": shown.must,
        "依据的原文": shown.evidence,
        "标签": tags_told(entry.tags),
        "之前的对话": shown.history,
    }


def tags_told(tags: Sequence[str]) -> str:
    """Return tags in the words of staff."""
    return "、".join(TAGS.get(tag, tag) for tag in tags)


def _turns(text: str) -> tuple[Turn, ...]:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) % 2:
        raise Unfit("之前的对话要一行问、一行答，现在少了一行")
    return tuple(Turn(question, reply) for question, reply in zip(lines[::2], lines[1::2], strict=True))
