"""检验题, the form: a new question, one of the file, or a waiting change."""

from dataclasses import dataclass
from typing import Any

import gradio as gr

from qa.answering.reply import Turn
from qa.runtime.errors import Unfit
from qa.staff.console import Console
from qa.staff.permissions import Role
from qa.staff.quality.golden import GoldenRow
from qa.staff.quality.golden_file import NewGolden
from qa.staff.quality.golden_proposals import REMOVE, Proposal
from qa.web.html import Html
from qa.web.staff import charts
from qa.web.staff.components import markup, textbox
from qa.web.staff.tabs.golden import waiting
from qa.web.staff.tabs.golden.waiting import write_must


class Form:
    """The form for the clicked question, its waiting change or a new question, with its buttons."""

    def __init__(self) -> None:
        # The form shows a question at a version of its line, or a waiting change at a version of its own.
        self.number, self.version, self.proposal, self.seen = (textbox(visible=False) for _ in range(4))
        with gr.Column(visible=False, elem_id="golden-detail") as self._detail:
            self._about = markup(elem_id="golden-about")
            with gr.Column() as self._form:
                self._lay_fields()
            self.why = textbox(label="原因（修改、删除和不同意时必填，记入审计）", max_length=200)
            with gr.Row(elem_classes="buttons"):
                self.agree = gr.Button("同意，立即生效", variant="primary", elem_id="golden-approve", scale=0)
                self.disagree = gr.Button("不同意", elem_id="golden-reject", variant="stop", scale=0)
                self.save = gr.Button("提交，等待同意", elem_id="golden-save", scale=0)
                self.remove = gr.Button("提议删除这道题", elem_id="golden-remove", scale=0)
                self.back = gr.Button("撤回", elem_id="golden-back", scale=0)
        self.keys: list[Any] = [self.number, self.version, self.proposal, self.seen]
        buttons = (self.agree, self.disagree, self.save, self.remove, self.back)
        self.outputs: list[Any] = [*self.keys, self._detail, self._about, self._form, *self.fields, self.why, *buttons]

    def _lay_fields(self) -> None:
        question = textbox(label="问题", max_length=300, elem_id="golden-question")
        with gr.Row():
            answerable = gr.Checkbox(label="文件里有答案（不勾：应当不回答）", value=True, container=False)
        with gr.Row():
            label = "答案里必须出现（一行一项，同一项的不同写法用 | 隔开）"
            must = textbox(label=label, lines=2, elem_id="golden-must")
            evidence = textbox(label="依据的原文", lines=2, scale=2)
        with gr.Row():
            tags = textbox(label="标签（用逗号隔开）", max_length=200)
            history = textbox(label="之前的对话（一行问、一行答，没有则留空）", lines=2, scale=2)
        self.fields: list[Any] = [question, answerable, must, evidence, tags, history]

    def closed(self) -> tuple[Any, ...]:
        """Return the values of `outputs` if there is nothing to show."""
        return "", "", "", "", gr.update(visible=False), *(gr.skip() for _ in self.outputs[5:])

    def blank(self) -> tuple[Any, ...]:
        """Return the values of `outputs` for a new question."""
        shown, hidden = gr.update(visible=True), gr.update(visible=False)
        keys, fields = ("", "", "", ""), ("", True, "", "", "", "", "")
        return *keys, shown, charts.heading("新的检验题"), shown, *fields, hidden, hidden, shown, hidden, hidden

    def of_row(self, row: GoldenRow) -> tuple[Any, ...]:
        """Return the values of `outputs` for a question of the file."""
        shown, hidden = gr.update(visible=True), gr.update(visible=False)
        keys, buttons = (row.entry.id, row.entry.version, "", ""), (hidden, hidden, shown, shown, hidden)
        return *keys, shown, _about(row), shown, *_fields(row.entry), "", *buttons

    def of_proposal(self, console: Console, one: Proposal, member: str) -> tuple[Any, ...]:
        """Return the values of `outputs` for a waiting change; only the member's permitted buttons are visible."""
        entry = one.after or one.before
        assert entry is not None
        may = (
            console.golden.may_approve(one),
            console.may(Role.PUBLISHER),
            one.kind != REMOVE,
            False,
            member in one.authors,
        )
        buttons = [gr.update(visible=visible) for visible in may]
        keys = (one.golden, "", str(one.id), str(one.version))
        form = gr.update(visible=one.kind != REMOVE)
        return *keys, gr.update(visible=True), waiting.about(one), form, *_fields(entry), "", *buttons


@dataclass(frozen=True, slots=True)
class Filled:
    """A form sent to be stored: the question or change it shows, the fields typed, the filters of the lists."""

    number: str
    version: str
    proposal: str
    seen: str
    question: str
    answerable: bool
    must: str
    evidence: str
    tags: str
    history: str
    why: str
    text: str
    tag: str

    def entry(self) -> NewGolden:
        """Return the question that was typed. Raises `Unfit`."""
        return NewGolden(
            question=self.question.strip(),
            must=read_must(self.must) if self.answerable else (),
            evidence=self.evidence.strip(),
            tags=tuple(part.strip() for part in self.tags.replace("，", ",").split(",") if part.strip()),
            answerable=bool(self.answerable),
            history=_turns(self.history),
        )


def read_must(text: str) -> tuple[tuple[str, ...], ...]:
    """Return what an answer must contain, as typed into a form: a group a line, its alternatives between bars."""
    groups = (tuple(part.strip() for part in line.split("|") if part.strip()) for line in text.splitlines())
    return tuple(group for group in groups if group)


def _fields(entry: NewGolden) -> tuple[Any, ...]:
    """Return the values of the form's fields for a question, without the reason."""
    turns = "\n".join(line for turn in entry.history for line in (turn.question, turn.reply))
    return entry.question, entry.answerable, write_must(entry.must), entry.evidence, ", ".join(entry.tags), turns


def _turns(text: str) -> tuple[Turn, ...]:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) % 2:
        raise Unfit("之前的对话要一行问、一行答，现在少了一行")
    return tuple(Turn(question, reply) for question, reply in zip(lines[::2], lines[1::2], strict=True))


def outcome_of(given: Any) -> str:
    """Return the result of a question in words for staff."""
    return "没有问过" if given is None else "合格" if given.acceptable else "不合格"


def _about(row: GoldenRow) -> Html:
    given = [("现行版本的答复", row.published), ("未发布的新版的答复", row.candidate)]
    shown = [(name, f"{outcome_of(one)}：{' '.join(one.text.split())}") for name, one in given if one]
    return charts.heading(f"检验题{row.entry.id}") + charts.facts(shown)
