"""What the buttons of the panel do, each by its name in the form."""

from collections.abc import Callable, Mapping

from qa.runtime.errors import Unfit
from qa.staff.console import Console
from qa.staff.quality.golden_file import NewGolden
from qa.staff.questions.groups import WORKING
from qa.web.staff.pages.frame import Form
from qa.web.staff.pages.golden.fields import evidence_of, read_must
from qa.web.staff.pages.marks import mark_of
from qa.web.staff.pages.questions import answer_actions
from qa.web.staff.values import whole_number

CLOSE_GOLDEN = "close-golden"
ELSE = "请在下面点选原文；它在还没有发布的文件里，就先发布，或到“检验题”里写"
# What is said after an action; the panel shows the rest.
SAID: Mapping[str, str] = {
    **answer_actions.SAID,
    "guard": "已设为检验题并办结",
    "close": "已办结",
    CLOSE_GOLDEN: "已办结，并提议了检验题",
    "reopen": "已重新打开",
    "separate": "已分到单独的一组",
    "keep": "已保存",
    "take": "已由您处理",
    "take-up": "已列为要办的，请写答案",
}


def _of_group(act: Callable[[Console, Form, str], object]) -> Callable[[Console, Form, str], int]:
    """Return an action on the answer of a group, which leads back to the group."""

    def acted(console: Console, form: Form, who: str) -> int:
        group = form.number("group")
        act(console, form, who)
        return group

    return acted


def _guard(console: Console, form: Form, who: str) -> int:
    group = form.number("group")
    console.todo.done(group, form.number("version"), console.todo.proposal(group))
    return group


def _close(console: Console, form: Form, who: str) -> int:
    console.todo.done(form.number("group"), form.number("version"), None, why=form.text("why"))
    return form.number("group")


def _close_golden(console: Console, form: Form, who: str) -> int:
    group, must = form.number("group"), read_must(form.text("must"))
    marks = [mark_of(text) for text in form.texts("mark")]
    proposed = console.todo.proposal(group)
    golden = NewGolden(
        question=form.text("question").strip(),
        must=must,
        evidence=evidence_of(console, marks, form.text("evidence").strip(), otherwise=ELSE),
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
    **{name: _of_group(act) for name, act in answer_actions.ACTIONS.items()},
    "guard": _guard,
    "close": _close,
    CLOSE_GOLDEN: _close_golden,
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
