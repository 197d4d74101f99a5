"""The commands for golden questions: listed, changes proposed, and agreed to by another person."""

import argparse
from dataclasses import replace

from qa.cli.answers import version_option
from qa.cli.output import DONE, REFUSED, Commands, command, console_of, positive, print_json, say
from qa.runtime.settings import Settings
from qa.staff.quality.golden import GoldenRow
from qa.staff.quality.golden_file import NewGolden
from qa.staff.quality.golden_proposals import KINDS, STATES, Proposal


def add(commands: Commands) -> None:
    """Add `golden` to the command line's parser."""
    below = commands.add_parser("golden", help="golden questions").add_subparsers(required=True, metavar="action")
    rows = command(below, "list", "list the golden questions with their results", _rows, json=True)
    rows.add_argument("--text", default="", help="words of the question")
    rows.add_argument("--tag", default="")
    new = command(below, "add", "propose a golden question", _add)
    alter = command(below, "change", "propose a change of a golden question", _change)
    remove = command(below, "remove", "propose to ask a golden question no more", _remove)
    command(below, "proposals", "list the changes that wait for another person", _proposals, json=True)
    revise = command(below, "revise", "change what waits, as one more of its authors", _revise)
    approve = command(below, "approve", "have a change take effect that others wrote", _approve)
    reject = command(below, "reject", "leave the golden questions as they are", _reject)
    back = command(below, "take-back", "drop a change of one's own", _take_back)
    for parser in (new, alter, revise):
        golden_options(parser)
    for parser in (new, revise):
        parser.add_argument("--reason", default="")
    for parser in (alter, remove, reject):
        parser.add_argument("--reason", required=True)
    for parser in (alter, remove):
        parser.add_argument("id")
        parser.add_argument("--version", default="", help="as `golden list --json` showed it; default: today's")
    for parser in (revise, approve, reject, back):
        parser.add_argument("number", type=positive)
        version_option(parser)


def golden_options(parser: argparse.ArgumentParser) -> None:
    """What a golden question is made of."""
    parser.add_argument("--question")
    parser.add_argument("--must", action="append", help="words that the reply has to hold; others that do between |")
    parser.add_argument("--evidence", help="the words of the document that hold the answer")
    parser.add_argument("--tag", action="append", help="kind of question")
    parser.add_argument("--unanswerable", action="store_true", help="the documents do not say; it has to be refused")


def golden_from(options: argparse.Namespace, known: NewGolden) -> NewGolden:
    """A golden question with what was given in the place of what is `known`."""
    must = known.must if options.must is None else tuple(tuple(group.split("|")) for group in options.must)
    return replace(
        known,
        question=known.question if options.question is None else options.question,
        must=() if options.unanswerable else must,
        evidence=known.evidence if options.evidence is None else options.evidence,
        tags=known.tags if options.tag is None else tuple(options.tag),
        answerable=known.answerable and not options.unanswerable,
    )


def _rows(options: argparse.Namespace, settings: Settings) -> int:
    found = console_of(settings).golden.rows(text=options.text, tag=options.tag)
    if options.json:
        print_json([_row_json(row) for row in found])
        return DONE if found else REFUSED
    for row in found:
        results = (("现行", row.published), ("新版", row.candidate))
        told = [f"{name}{'合格' if given.acceptable else '不合格'}" for name, given in results if given]
        say(f"{row.entry.id}  {'，'.join(told) or '未检验'}{'，把关' if row.gates else ''}  {row.entry.question}")
    return DONE if found else REFUSED


def _row_json(row: GoldenRow) -> dict[str, object]:
    results = (("published", row.published), ("candidate", row.candidate))
    return {**row.entry.as_json(), "gates": row.gates, **{name: g.acceptable if g else None for name, g in results}}


def _add(options: argparse.Namespace, settings: Settings) -> int:
    desk = console_of(settings).golden
    return _waits(desk.propose(golden_from(options, NewGolden(question="")), why=options.reason))


def _change(options: argparse.Namespace, settings: Settings) -> int:
    desk = console_of(settings).golden
    known = desk.get(options.id)
    version = options.version or known.version
    return _waits(desk.propose_change(options.id, version, golden_from(options, known.as_new()), why=options.reason))


def _remove(options: argparse.Namespace, settings: Settings) -> int:
    desk = console_of(settings).golden
    version = options.version or desk.get(options.id).version
    return _waits(desk.propose_removal(options.id, version, why=options.reason))


def _revise(options: argparse.Namespace, settings: Settings) -> int:
    desk = console_of(settings).golden
    number, version = _seen(options, settings)
    after = desk.proposal(number).after
    known = after.as_new() if after else NewGolden(question="")
    return _waits(desk.revise(number, version, golden_from(options, known), why=options.reason))


def _waits(proposal: Proposal) -> int:
    say(_line(proposal))
    say(f"由没有写过它、有“发布”角色的人同意后生效：python -m qa golden approve {proposal.id}")
    return DONE


def _proposals(options: argparse.Namespace, settings: Settings) -> int:
    found = console_of(settings).golden.proposals()
    if options.json:
        print_json([proposal.as_json() for proposal in found])
        return DONE if found else REFUSED
    for proposal in found:
        say(_line(proposal))
        for name, entry in (("原来", proposal.before), ("改成", proposal.after)):
            if entry:
                must = "；".join(" | ".join(group) for group in entry.must) or "应当不回答"
                say(f"      {name}：{entry.question}  必须出现：{must}  依据：{entry.evidence}")
    return DONE if found else REFUSED


def _line(proposal: Proposal) -> str:
    entry = proposal.after or proposal.before
    question = entry.question if entry else ""
    why = f"（{proposal.why}）" if proposal.why else ""
    who = "、".join(proposal.authors)
    return (
        f"{proposal.id:>4}  {STATES[proposal.state]}  {KINDS[proposal.kind]}{proposal.golden}  {who}  {question}{why}"
    )


def _seen(options: argparse.Namespace, settings: Settings) -> tuple[int, int]:
    """The change, and its version: the one given, or else that of this moment."""
    number: int = options.number
    return number, options.version or console_of(settings).golden.proposal(number).version


def _approve(options: argparse.Namespace, settings: Settings) -> int:
    say(f"{_line(console_of(settings).golden.approve(*_seen(options, settings)))}，下次刷新起按此检验")
    return DONE


def _reject(options: argparse.Namespace, settings: Settings) -> int:
    say(_line(console_of(settings).golden.reject(*_seen(options, settings), why=options.reason)))
    return DONE


def _take_back(options: argparse.Namespace, settings: Settings) -> int:
    say(_line(console_of(settings).golden.take_back(*_seen(options, settings))))
    return DONE
