"""`golden`: the golden questions, and the changes of them that wait for another person."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import click

from qa.bootstrap.errors import EXPECTED
from qa.cli.output import (
    DONE,
    console_of,
    json_option,
    number_argument,
    pass_settings,
    print_list,
    say,
    version_option,
)
from qa.runtime.settings import Settings
from qa.staff.quality.golden import GoldenRow
from qa.staff.quality.golden_file import NewGolden
from qa.staff.quality.golden_proposals import KINDS, STATES, Proposal

_version = click.option("--version", default="", help="As `golden list --json` showed it; default: today's.")


@click.group()
def golden() -> None:
    """Golden questions."""


def golden_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options of which a golden question is made."""
    for option in (
        click.option("--unanswerable", is_flag=True, help="The documents do not say; it has to be refused."),
        click.option("--tag", "tags", multiple=True, help="Kind of question."),
        click.option("--evidence", help="The words of the document that hold the answer."),
        click.option("--must", multiple=True, help="Words that the reply has to hold; others that do between |."),
        click.option("--question"),
    ):
        command = option(command)
    return command


def golden_from(
    known: NewGolden,
    *,
    question: str | None,
    must: Sequence[str],
    evidence: str | None,
    tags: Sequence[str],
    unanswerable: bool,
) -> NewGolden:
    """Return a golden question with what was given in the place of what is `known`."""
    groups = tuple(tuple(group.split("|")) for group in must) if must else known.must
    return replace(
        known,
        question=known.question if question is None else question,
        must=() if unanswerable else groups,
        evidence=known.evidence if evidence is None else evidence,
        tags=tuple(tags) if tags else known.tags,
        answerable=known.answerable and not unanswerable,
    )


@golden.command("list")
@click.option("--text", default="", help="Words of the question.")
@click.option("--tag", default="")
@json_option
@pass_settings
def _list(settings: Settings, text: str, tag: str, as_json: bool) -> int:
    """List the golden questions with their results."""
    found = console_of(settings).golden.rows(text=text, tag=tag)
    return print_list(found, as_json=as_json, json_of=_row_json, show=_say_row)


def _say_row(row: GoldenRow) -> None:
    results = (("现行", row.published), ("新版", row.candidate))
    judged = [f"{name}{'合格' if given.acceptable else '不合格'}" for name, given in results if given]
    say(f"{row.entry.id}  {'，'.join(judged) or '未检验'}{'，把关' if row.gates else ''}  {row.entry.question}")


def _row_json(row: GoldenRow) -> dict[str, object]:
    results = (("published", row.published), ("candidate", row.candidate))
    return {**row.entry.as_json(), "gates": row.gates, **{name: g.acceptable if g else None for name, g in results}}


@golden.command("add")
@golden_options
@click.option("--reason", default="")
@pass_settings
def _add(settings: Settings, /, reason: str, **given: Any) -> int:
    """Propose a golden question."""
    made = console_of(settings).golden.propose(golden_from(NewGolden(question=""), **given), why=reason)
    return _say_waiting(settings, made)


@golden.command("change")
@click.argument("id")
@golden_options
@click.option("--reason", required=True)
@_version
@pass_settings
def _change(settings: Settings, /, id: str, reason: str, version: str, **given: Any) -> int:
    """Propose a change of a golden question."""
    questions = console_of(settings).golden
    known = questions.get(id)
    new = golden_from(known.as_new(), **given)
    return _say_waiting(settings, questions.propose_change(id, version or known.version, new, why=reason))


@golden.command("remove")
@click.argument("id")
@click.option("--reason", required=True)
@_version
@pass_settings
def _remove(settings: Settings, id: str, reason: str, version: str) -> int:
    """Propose to ask a golden question no more."""
    questions = console_of(settings).golden
    return _say_waiting(settings, questions.propose_removal(id, version or questions.get(id).version, why=reason))


@golden.command("proposals")
@json_option
@pass_settings
def _proposals(settings: Settings, as_json: bool) -> int:
    """List the changes that wait for another person."""
    found = console_of(settings).golden.proposals()
    return print_list(found, as_json=as_json, json_of=Proposal.as_json, show=_say_proposal)


def _say_proposal(proposal: Proposal) -> None:
    say(_line(proposal))
    for name, entry in (("原来", proposal.before), ("改成", proposal.after)):
        if entry:
            must = "；".join(" | ".join(group) for group in entry.must) or "应当不回答"
            say(f"      {name}：{entry.question}  必须出现：{must}  依据：{entry.evidence}")


@golden.command("revise")
@number_argument
@golden_options
@click.option("--reason", default="")
@version_option
@pass_settings
def _revise(settings: Settings, /, number: int, reason: str, version: int | None, **given: Any) -> int:
    """Change what waits, as one more of its authors."""
    questions = console_of(settings).golden
    after = questions.proposal(number).after
    new = golden_from(after.as_new() if after else NewGolden(question=""), **given)
    return _say_waiting(settings, questions.revise(*_seen(settings, number, version), new, why=reason))


@golden.command("approve")
@number_argument
@version_option
@pass_settings
def _approve(settings: Settings, number: int, version: int | None) -> int:
    """Have a change take effect that others wrote."""
    say(f"{_line(console_of(settings).golden.approve(*_seen(settings, number, version)))}，下次刷新起按此检验")
    return DONE


@golden.command("reject")
@number_argument
@click.option("--reason", required=True)
@version_option
@pass_settings
def _reject(settings: Settings, number: int, reason: str, version: int | None) -> int:
    """Leave the golden questions as they are."""
    say(_line(console_of(settings).golden.reject(*_seen(settings, number, version), why=reason)))
    return DONE


@golden.command("take-back")
@number_argument
@version_option
@pass_settings
def _take_back(settings: Settings, number: int, version: int | None) -> int:
    """Drop a change of one's own."""
    say(_line(console_of(settings).golden.take_back(*_seen(settings, number, version))))
    return DONE


def _seen(settings: Settings, number: int, version: int | None) -> tuple[int, int]:
    """Return the change and its version: the one given, or else that of this moment."""
    return number, version or console_of(settings).golden.proposal(number).version


def _say_waiting(settings: Settings, proposal: Proposal) -> int:
    say(_line(proposal))
    if proposal.after and (missing := _unfound(settings, proposal.after.evidence)):
        say(f"注意：{missing}")
    say(f"由没有写过它、有“发布”角色的人同意后生效：python -m qa golden approve {proposal.id}")
    return DONE


def _unfound(settings: Settings, evidence: str) -> str:
    """Return how evidence differs from what documents say; empty also where no model can be opened to look for it."""
    try:
        return str(console_of(settings).offers.unfound(evidence) or "")
    except EXPECTED:
        return ""


def _line(proposal: Proposal) -> str:
    entry = proposal.after or proposal.before
    question = entry.question if entry else ""
    why = f"（{proposal.why}）" if proposal.why else ""
    what, who = f"{KINDS[proposal.kind]}{proposal.golden}", "、".join(proposal.authors)
    return f"{proposal.id:>4}  {STATES[proposal.state]}  {what}  {who}  {question}{why}"
