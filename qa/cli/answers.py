"""The commands for reviewed answers."""

from collections.abc import Sequence
from datetime import date

import click

from qa.cli.output import (
    DAY,
    DONE,
    POSITIVE,
    REFUSED,
    console_of,
    json_option,
    number_argument,
    pass_settings,
    print_json,
    print_list,
    say,
    version_option,
)
from qa.runtime.settings import Settings
from qa.staff.reviewed_answers.answer import ReviewedAnswer
from qa.storage.reviewed_answers import STATES


@click.group()
def review() -> None:
    """Reviewed answers."""


@review.command("list")
@click.option("--state", type=click.Choice(list(STATES)))
@click.option("--text", default="", help="Words of the questions or the answer.")
@json_option
@pass_settings
def _list(settings: Settings, state: str | None, text: str, as_json: bool) -> int:
    """List the reviewed answers, the newest first."""
    found = console_of(settings).reviewed.list(state=state or "", text=text)
    return print_list(found, as_json=as_json, json_of=ReviewedAnswer.as_json, show=lambda answer: say(_line(answer)))


def _line(answer: ReviewedAnswer) -> str:
    why = f"（{answer.why}）" if answer.why else "（有改动待审核）" if answer.draft else ""
    return f"{answer.id:>4}  {STATES[answer.state]}{why}  至{answer.expires_on}  {answer.owner}  {answer.questions[0]}"


@review.command("show")
@number_argument
@json_option
@pass_settings
def _show(settings: Settings, number: int, as_json: bool) -> int:
    """Show one reviewed answer."""
    answer = console_of(settings).reviewed.get(number)
    if as_json:
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


@review.command("write")
@click.option("--question", "questions", multiple=True, required=True, help="Several times for other wordings.")
@click.option("--text", required=True, help="The answer, as citizens read it.")
@click.option("--owner", required=True, help="Who answers for it.")
@click.option("--expires", type=DAY, required=True, help="As 2026-12-31.")
@click.option("--document", required=True, help="The document that bears it out.")
@click.option("--words", required=True, help="The words of the document, copied from it.")
@click.option("--todo", type=POSITIVE, metavar="N", help="The group of questions that it answers.")
@pass_settings
def _write(
    settings: Settings,
    *,
    questions: Sequence[str],
    text: str,
    owner: str,
    expires: date,
    document: str,
    words: str,
    todo: int | None,
) -> int:
    """Write a draft, with words of a published document as its source."""
    reviewed = console_of(settings).reviewed
    place = reviewed.place(document, words)
    answer = reviewed.write(
        questions,
        text,
        owner=owner,
        expires_on=expires,
        document=place.document,
        start=place.start,
        end=place.end,
        todo=todo,
    )
    say(_line(answer))
    say(f"启用：python -m qa review approve {answer.id}")
    return DONE


def _seen(settings: Settings, number: int, version: int | None) -> tuple[int, int]:
    """Return the answer and its version: the one given, or else that of this moment."""
    return number, version or console_of(settings).reviewed.get(number).version


@review.command("change")
@number_argument
@click.option("--question", "questions", multiple=True, help="Several times for other wordings.")
@click.option("--text", help="The answer, as citizens read it.")
@click.option("--owner", help="Who answers for it.")
@click.option("--expires", type=DAY, help="As 2026-12-31.")
@click.option("--document", help="The document that bears it out.")
@click.option("--words", help="The words of the document, copied from it.")
@version_option
@pass_settings
def _change(
    settings: Settings,
    number: int,
    *,
    questions: Sequence[str],
    text: str | None,
    owner: str | None,
    expires: date | None,
    document: str | None,
    words: str | None,
    version: int | None,
) -> int:
    """Draft a change of an answer; a live one is shown until it is approved."""
    reviewed = console_of(settings).reviewed
    number, version = _seen(settings, number, version)
    document = document or reviewed.get(number).source.document
    place = reviewed.place(document, words) if words else None
    answer = reviewed.change(
        number,
        version,
        questions=questions or None,
        text=text,
        owner=owner,
        expires_on=expires,
        document=document,
        start=place.start if place else None,
        end=place.end if place else None,
    )
    say(_line(answer))
    return DONE


@review.command("approve")
@number_argument
@version_option
@pass_settings
def _approve(settings: Settings, number: int, version: int | None) -> int:
    """Show an answer to citizens."""
    say(_line(console_of(settings).reviewed.approve(*_seen(settings, number, version))))
    return DONE


@review.command("discard")
@number_argument
@click.option("--reason", required=True)
@version_option
@pass_settings
def _discard(settings: Settings, number: int, reason: str, version: int | None) -> int:
    """Drop the draft that waits beside a live answer."""
    say(_line(console_of(settings).reviewed.discard(*_seen(settings, number, version), reason)))
    return DONE


@review.command("withdraw")
@number_argument
@click.option("--reason", required=True)
@version_option
@pass_settings
def _withdraw(settings: Settings, number: int, reason: str, version: int | None) -> int:
    """Show an answer no more."""
    console = console_of(settings)
    say(_line(console.reviewed.withdraw(*_seen(settings, number, version), reason)))
    for held in console.golden.withheld():
        if held.because == f"answer {number}":
            say(f"检验题“{held.questions[0]}”先不回答：{'、'.join(held.documents)}会答错；请改文件，或改这道题")
    return DONE


@review.command("near")
@click.argument("question")
@pass_settings
def _near(settings: Settings, question: str) -> int:
    """List the answers whose questions lie nearest to a question."""
    found = console_of(settings).reviewed.near(question)
    for near in found:
        say(f"{near.similarity:.3f}  {'会显示' if near.matches else '不显示'}  {_line(near.answer)}")
    return DONE if found else REFUSED
