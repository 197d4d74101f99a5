"""The commands for the answers that staff write and approve."""

import argparse
from datetime import date

from qa.cli.output import DONE, REFUSED, Commands, command, console_of, positive, print_json, say
from qa.runtime.settings import Settings
from qa.staff.reviewed_answers.answer import ReviewedAnswer
from qa.storage.reviewed_answers import STATES


def add(commands: Commands) -> None:
    """Add `review` to the command line's parser."""
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


def version_option(parser: argparse.ArgumentParser) -> None:
    """The version that whoever changes something saw, to be told when it is another one by now."""
    parser.add_argument("--version", type=positive, metavar="N", help="as it was shown; default: today's")


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
        say(f"  待审核的改动（{'、'.join(answer.draft.authors)}）：{answer.draft.text}")
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
