"""What may be done with a reviewed answer, by the page 问题 as by the page 人工答案."""

from collections.abc import Callable, Mapping

from qa.staff.console import Console
from qa.staff.reviewed_answers.answer import ReviewedAnswer
from qa.storage.reviewed_answers import Source
from qa.web.staff.pages.frame import Form
from qa.web.staff.pages.marks import mark_of
from qa.web.staff.values import day_of

# What is said after an action.
SAID: Mapping[str, str] = {
    "write": "已提交，请另一位有“发布”角色的同事审核；他的首页会列出来",
    "change": "改动已提交，审核通过前市民看到的不变",
    "approve": "已启用，几秒内市民就能看到",
    "discard": "已放弃待审核的改动，市民看到的不变",
    "withdraw": "已停用，几秒内市民不再看到；有检验题因此会答错的，先不回答，首页会列出来",
}


def marked(console: Console, form: Form) -> tuple[str, int, int]:
    """Return the document and the characters that a form marks. Raises `Unfit`."""
    return console.offers.marked([mark_of(text) for text in form.texts("mark")])


def text_of(console: Console, form: Form, source: Source) -> str:
    """Return the answer typed, or else the marked words themselves."""
    return form.text("text").strip() or source.words


def source_of(console: Console, form: Form) -> Source:
    """Return the marked words as a source. Raises `Unfit`."""
    return console.reviewed.source(*marked(console, form))


def _lines(form: Form) -> list[str]:
    return [line.strip() for line in form.text("questions").splitlines() if line.strip()]


def write(console: Console, form: Form, who: str) -> ReviewedAnswer:
    """Store a new answer as a draft, for the group of questions that the form names, if it names one."""
    source = source_of(console, form)
    group = form.number("group") if form.text("group") else None
    return console.reviewed.write(
        _lines(form),
        text_of(console, form, source),
        owner=form.text("owner").strip() or who,
        expires_on=day_of(form.text("expires")),
        document=source.document,
        start=source.start,
        end=source.end,
        todo=group,
        todo_version=form.number("version") if group is not None else None,
    )


def change(console: Console, form: Form, who: str) -> ReviewedAnswer:
    """Store a changed answer as a draft."""
    source = source_of(console, form) if form.texts("mark") else None
    return console.reviewed.change(
        form.number("answer"),
        form.number("answer_version"),
        questions=_lines(form),
        text=form.text("text").strip(),
        owner=form.text("owner").strip() or who,
        expires_on=day_of(form.text("expires")),
        document=source.document if source else None,
        start=source.start if source else None,
        end=source.end if source else None,
    )


def approve(console: Console, form: Form, who: str) -> ReviewedAnswer:
    """Show an answer or its draft to citizens."""
    return console.reviewed.approve(form.number("answer"), form.number("answer_version"))


def discard(console: Console, form: Form, who: str) -> ReviewedAnswer:
    """Drop the draft that waits beside an answer."""
    return console.reviewed.discard(form.number("answer"), form.number("answer_version"), form.text("why"))


def withdraw(console: Console, form: Form, who: str) -> ReviewedAnswer:
    """Stop showing an answer to citizens."""
    return console.reviewed.withdraw(form.number("answer"), form.number("answer_version"), form.text("why"))


# Each does its work for the member `who`.
ACTIONS: Mapping[str, Callable[[Console, Form, str], ReviewedAnswer]] = {
    "write": write,
    "change": change,
    "approve": approve,
    "discard": discard,
    "withdraw": withdraw,
}
