"""What the buttons of the panel do, each by its name in the form."""

from collections.abc import Callable, Mapping

from qa.runtime.errors import Unfit
from qa.staff.console import Console
from qa.staff.quality.golden_file import NewGolden
from qa.staff.questions.groups import WORKING
from qa.storage.reviewed_answers import Source
from qa.web.staff.components import day_of, whole_number
from qa.web.staff.pages.frame import Form
from qa.web.staff.pages.golden.fields import read_must
from qa.web.staff.pages.marks import mark_of

# What is said after an action; the panel shows the rest.
SAID: Mapping[str, str] = {
    "write": "已提交，请另一位有“发布”角色的同事审核；他的首页会列出来",
    "change": "改动已提交，审核通过前市民看到的不变",
    "approve": "已启用，几秒内市民就能看到",
    "discard": "已放弃待审核的改动，市民看到的不变",
    "withdraw": "已停用，几秒内市民不再看到",
    "guard": "已设为检验题并办结",
    "close": "已办结",
    "close-golden": "已办结，并提议了检验题",
    "reopen": "已重新打开",
    "separate": "已分到单独的一组",
    "keep": "已保存",
    "take": "已由您处理",
    "take-up": "已列为要办的，请写答案",
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


def _write(console: Console, form: Form, who: str) -> int:
    source = source_of(console, form)
    group = form.number("group")
    console.reviewed.write(
        _lines(form),
        text_of(console, form, source),
        owner=form.text("owner").strip() or who,
        expires_on=day_of(form.text("expires")),
        document=source.document,
        start=source.start,
        end=source.end,
        todo=group,
        todo_version=form.number("version"),
    )
    return group


def _change(console: Console, form: Form, who: str) -> int:
    source = source_of(console, form) if form.texts("mark") else None
    console.reviewed.change(
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
    return form.number("group")


def _approve(console: Console, form: Form, who: str) -> int:
    console.reviewed.approve(form.number("answer"), form.number("answer_version"))
    return form.number("group")


def _discard(console: Console, form: Form, who: str) -> int:
    console.reviewed.discard(form.number("answer"), form.number("answer_version"))
    return form.number("group")


def _withdraw(console: Console, form: Form, who: str) -> int:
    console.reviewed.withdraw(form.number("answer"), form.number("answer_version"), form.text("why"))
    return form.number("group")


def _guard(console: Console, form: Form, who: str) -> int:
    group = form.number("group")
    console.todo.done(group, form.number("version"), console.todo.proposal(group))
    return group


def _close(console: Console, form: Form, who: str) -> int:
    console.todo.done(form.number("group"), form.number("version"), None, why=form.text("why"))
    return form.number("group")


def _close_golden(console: Console, form: Form, who: str) -> int:
    group, must = form.number("group"), read_must(form.text("must"))
    proposed = console.todo.proposal(group)
    golden = NewGolden(
        question=form.text("question").strip(),
        must=must,
        evidence=form.text("evidence").strip(),
        tags=proposed.tags,
        answerable=True if must else proposed.answerable,
        history=proposed.history,
    )
    console.todo.done(group, form.number("version"), golden)
    return group


def _reopen(console: Console, form: Form, who: str) -> int:
    return console.todo.reopen(form.number("group"), form.number("version")).id


def _separate(console: Console, form: Form, who: str) -> int:
    return console.todo.separate(form.number("group"), form.number("version"), form.text("separated")).id


def _keep(console: Console, form: Form, who: str) -> int:
    to = {name: form.text(name) for name in ("assignee", "document", "note")}
    return console.todo.change(form.number("group"), form.number("version"), **to).id


def _take(console: Console, form: Form, who: str) -> int:
    return console.todo.change(form.number("group"), form.number("version"), assignee=who, state=WORKING).id


def _take_up(console: Console, form: Form, who: str) -> int:
    return console.todo.take_up(form.text("asked")).id


# Each does its work for the member `who` and returns the group to show next.
ACTIONS: Mapping[str, Callable[[Console, Form, str], int]] = {
    "write": _write,
    "change": _change,
    "approve": _approve,
    "discard": _discard,
    "withdraw": _withdraw,
    "guard": _guard,
    "close": _close,
    "close-golden": _close_golden,
    "reopen": _reopen,
    "separate": _separate,
    "keep": _keep,
    "take": _take,
    "take-up": _take_up,
}


def _assign_one(console: Console, group: str, version: str, form: Form) -> str:
    to = form.text("assignee").strip()
    if not to:
        raise Unfit("请填写经办人")
    taken = console.todo.change(whole_number(group), whole_number(version), assignee=to, state=WORKING)
    return f"已由{to}办理：{taken.question}"


def _close_one(console: Console, group: str, version: str, form: Form) -> str:
    done = console.todo.done(whole_number(group), whole_number(version), None, why=form.text("why"))
    return f"已办结：{done.question}"


# What is done with each of several groups; returns what is said of it.
SELECTED: Mapping[str, Callable[[Console, str, str, Form], str]] = {
    "assign-all": _assign_one,
    "close-all": _close_one,
}
