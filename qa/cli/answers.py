"""The commands for what staff write: reviewed answers and golden questions."""

import argparse
from dataclasses import replace
from datetime import date

from qa.cli.output import DONE, REFUSED, Commands, command, console_of, positive, print_json, say
from qa.runtime.settings import Settings
from qa.staff.quality.golden import GoldenRow, NewGolden
from qa.staff.reviewed_answers.answer import ReviewedAnswer
from qa.storage.reviewed_answers import STATES


def add(commands: Commands) -> None:
    """Add `review` and `golden` to the command line's parser."""
    below = commands.add_parser("review", help="reviewed answers").add_subparsers(required=True, metavar="action")
    found = command(below, "list", "list the reviewed answers, the newest first", _answers, json=True)
    found.add_argument("--state", choices=list(STATES), default="")
    found.add_argument("--text", default="", help="words of the questions or the answer")
    show = command(below, "show", "one reviewed answer", _answer, json=True)
    write = command(below, "write", "write a draft, with words of a published document as its source", _write)
    change = command(below, "change", "draft a change of an answer; a live one is shown until it is approved", _change)
    for parser, needed in ((write, True), (change, False)):
        parser.add_argument("--question", action="append", required=needed, help="several times for other wordings")
        parser.add_argument("--text", required=needed, help="the answer, as citizens read it")
        parser.add_argument("--owner", required=needed, help="who answers for it")
        parser.add_argument("--expires", type=date.fromisoformat, required=needed, metavar="DAY", help="as 2026-12-31")
        parser.add_argument("--document", required=needed, help="the document that bears it out")
        parser.add_argument("--words", required=needed, help="the words of the document, copied from it")
    write.add_argument("--todo", type=positive, metavar="N", help="the group of questions that it answers")
    approve = command(below, "approve", "show an answer to citizens", _approve)
    discard = command(below, "discard", "drop the draft that waits beside a live answer", _discard)
    withdraw = command(below, "withdraw", "show an answer no more", _withdraw)
    withdraw.add_argument("--reason", required=True)
    near = command(below, "near", "the answers whose questions lie nearest to a question", _near)
    near.add_argument("question")
    for parser in (show, change, approve, discard, withdraw):
        parser.add_argument("number", type=positive)
    for parser in (change, approve, discard, withdraw):
        version_option(parser)

    below = commands.add_parser("golden", help="golden questions").add_subparsers(required=True, metavar="action")
    rows = command(below, "list", "list the golden questions with their results", _rows, json=True)
    rows.add_argument("--text", default="", help="words of the question")
    rows.add_argument("--tag", default="")
    new = command(below, "add", "add a golden question; the next refresh asks it", _golden_add)
    alter = command(below, "change", "change a golden question", _golden_change)
    remove = command(below, "remove", "ask a golden question no more", _golden_remove)
    for parser in (new, alter):
        golden_options(parser)
    new.add_argument("--reason", default="")
    for parser in (alter, remove):
        parser.add_argument("--reason", required=True)
    for parser in (alter, remove):
        parser.add_argument("id")
        parser.add_argument("--version", default="", help="as `golden list --json` showed it; default: today's")


def version_option(parser: argparse.ArgumentParser) -> None:
    """The version that whoever changes something saw, to be told when it is another one by now."""
    parser.add_argument("--version", type=positive, metavar="N", help="as it was shown; default: today's")


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


def _answers(options: argparse.Namespace, settings: Settings) -> int:
    found = console_of(settings).reviewed.list(state=options.state, text=options.text)
    if options.json:
        print_json([answer.as_json() for answer in found])
        return DONE if found else REFUSED
    for answer in found:
        say(_line(answer))
    return DONE if found else REFUSED


def _line(answer: ReviewedAnswer) -> str:
    why = f"（{answer.why}）" if answer.why else "（有改动待审核）" if answer.draft else ""
    return f"{answer.id:>4}  {STATES[answer.state]}{why}  至{answer.expires_on}  {answer.owner}  {answer.questions[0]}"


def _answer(options: argparse.Namespace, settings: Settings) -> int:
    answer = console_of(settings).reviewed.get(options.number)
    if options.json:
        print_json(answer.as_json())
        return DONE
    say(_line(answer))
    for question in answer.questions[1:]:
        say(f"  也这样问：{question}")
    say(f"  答案：{answer.text}")
    if answer.draft:
        say(f"  待审核的改动（{answer.author}）：{answer.draft.text}")
    say(f"  出处：{answer.source.document} {answer.source.start}-{answer.source.end}：{answer.source.words}")
    return DONE


def _write(options: argparse.Namespace, settings: Settings) -> int:
    desk = console_of(settings).reviewed
    place = desk.place(options.document, options.words)
    answer = desk.write(
        options.question,
        options.text,
        owner=options.owner,
        expires_on=options.expires,
        document=place.document,
        start=place.start,
        end=place.end,
        todo=options.todo,
    )
    say(_line(answer))
    say(f"启用：python -m qa review approve {answer.id}")
    return DONE


def _seen(options: argparse.Namespace, settings: Settings) -> tuple[int, int]:
    """The answer, and its version: the one given, or else that of this moment."""
    number: int = options.number
    return number, options.version or console_of(settings).reviewed.get(number).version


def _change(options: argparse.Namespace, settings: Settings) -> int:
    desk = console_of(settings).reviewed
    number, version = _seen(options, settings)
    document = options.document or desk.get(number).source.document
    place = desk.place(document, options.words) if options.words else None
    answer = desk.change(
        number,
        version,
        questions=options.question,
        text=options.text,
        owner=options.owner,
        expires_on=options.expires,
        document=document,
        start=place.start if place else None,
        end=place.end if place else None,
    )
    say(_line(answer))
    return DONE


def _approve(options: argparse.Namespace, settings: Settings) -> int:
    say(_line(console_of(settings).reviewed.approve(*_seen(options, settings))))
    return DONE


def _discard(options: argparse.Namespace, settings: Settings) -> int:
    say(_line(console_of(settings).reviewed.discard(*_seen(options, settings))))
    return DONE


def _withdraw(options: argparse.Namespace, settings: Settings) -> int:
    say(_line(console_of(settings).reviewed.withdraw(*_seen(options, settings), options.reason)))
    return DONE


def _near(options: argparse.Namespace, settings: Settings) -> int:
    found = console_of(settings).reviewed.near(options.question)
    for near in found:
        say(f"{near.similarity:.3f}  {'会显示' if near.matches else '不显示'}  {_line(near.answer)}")
    return DONE if found else REFUSED


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


def _golden_add(options: argparse.Namespace, settings: Settings) -> int:
    entry = console_of(settings).golden.add(golden_from(options, NewGolden(question="")), why=options.reason)
    say(f"已添加{entry.id}：{entry.question}（下次刷新起检验）")
    return DONE


def _golden_change(options: argparse.Namespace, settings: Settings) -> int:
    desk = console_of(settings).golden
    known = desk.get(options.id)
    version = options.version or known.version
    entry = desk.change(options.id, version, golden_from(options, known.as_new()), why=options.reason)
    say(f"已修改{entry.id}：{entry.question}（下次刷新起检验）")
    return DONE


def _golden_remove(options: argparse.Namespace, settings: Settings) -> int:
    desk = console_of(settings).golden
    desk.remove(options.id, options.version or desk.get(options.id).version, why=options.reason)
    say(f"已删除{options.id}")
    return DONE
