"""Saves what one form holds of the settings: each by itself, the dangerous ones after a question, and none is lost."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from qa.staff.console import Console
from qa.staff.settings import SettingRow
from qa.web.staff.pages.frame import Form, Outcome, attempt
from qa.web.staff.pages.settings.asking import Asking, asked_before
from qa.web.staff.pages.settings.view import SEEN, VALUE, Typed

SAVED = "已保存，几秒内生效"
OVERTAKEN = 409


@dataclass(frozen=True, slots=True)
class Saving:
    """What became of a form: what is asked before the next step, what is `left` to be saved, and how it ended."""

    outcome: Outcome
    asking: Asking | None = None
    left: Mapping[str, Typed] | None = None


def typed_in(form: Form, found: Sequence[SettingRow]) -> dict[str, Typed]:
    """Return what a form holds of each setting that differs from what its member saw, by the name of the setting.

    A question asked before a change sends that change apart, as `name`, `value` and `seen`.
    """
    typed = {
        one.name: Typed(form.text(f"{VALUE}{one.name}").strip(), form.text(f"{SEEN}{one.name}"))
        for one in found
        if f"{VALUE}{one.name}" in form.values
    }
    changed = {name: one for name, one in typed.items() if one.value != one.seen}
    if "value" in form.values and form.text("name") in {one.name for one in found}:
        changed[form.text("name")] = Typed(form.text("value"), form.text("seen"))
    return changed


def save(console: Console, form: Form) -> Saving:
    """Save the setting that a form names, or all that it changes."""
    found = console.runtime_settings.list()
    labels, left = {one.name: one.label for one in found}, typed_in(form, found)
    named = form.text("name")
    wanted = {named: left.get(named) or _as_it_is(form, named)} if named else dict(left)
    saved: list[str] = []
    refused: dict[str, Outcome] = {}
    question: Asking | None = None
    for name, one in wanted.items():
        asked: Asking | None = None

        def done(name: str = name, one: Typed = one) -> None:
            nonlocal asked
            asked = None if form.text("sure") == "yes" else asked_before(console, name, one.value, seen=one.seen)
            if asked is None:
                console.runtime_settings.change(name, one.value, seen=one.seen)

        outcome = attempt(done)
        if not outcome.done:
            refused[name] = outcome
        elif asked:
            question = question or asked
        else:
            saved.append(labels[name])
            left.pop(name, None)
    stored = {one.name: one.value for one in console.runtime_settings.list()}
    # Whoever was told that another was quicker has seen the value of the other.
    overtaken = [name for name, outcome in refused.items() if outcome.status == OVERTAKEN and name in left]
    left |= {name: replace(left[name], seen=stored[name]) for name in overtaken}
    if question:
        kept = [(name, one) for name, one in left.items() if ("name", name) not in question.fields]
        fields = ((f"{prefix}{name}", text) for name, one in kept for prefix, text in _fields(one))
        question = replace(question, fields=(*question.fields, *fields))
    return Saving(_told(saved, refused, [labels[name] for name in left if name not in refused]), question, left)


def _as_it_is(form: Form, name: str) -> Typed:
    return Typed(form.text(f"{VALUE}{name}"), form.text(f"{SEEN}{name}"))


def _fields(one: Typed) -> tuple[tuple[str, str], ...]:
    return (VALUE, one.value), (SEEN, one.seen)


def _told(saved: Sequence[str], refused: Mapping[str, Outcome], left: Sequence[str]) -> Outcome:
    """Return what is said of a form: what was saved, what was not and why, what still has to be."""
    also = f"。还没有保存的：{_listed(left)}，写的还在" if left else ""
    done = f"已保存{_listed(saved)}，几秒内生效" if len(saved) > 1 or (saved and (left or refused)) else SAVED
    if not refused:
        return Outcome(True, f"{done if saved else ''}{also}".lstrip("。") or "没有改动，不用保存")
    one = next(iter(refused.values()))
    sentence = "；".join(dict.fromkeys(one.sentence for one in refused.values()))
    return Outcome(False, f"{sentence}{f'。{done}' if saved else ''}{also}", one.status)


def _listed(names: Sequence[str]) -> str:
    return "、".join(f"“{name}”" for name in names)
