"""The commands that ask: a question of what is served, or one tried on any snapshot."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import click

from qa.answering.reply import AI_LABEL, WRITTEN, Abstention, Answer, Citation, Reply, Turn
from qa.answering.reply import as_json as reply_json
from qa.cli.output import (
    DONE,
    PATH,
    REFUSED,
    console_of,
    json_option,
    pass_settings,
    print_json,
    say,
    show_progress,
)
from qa.evaluation.squad import QuestionFileError
from qa.runtime.settings import GUIDE, Settings, SettingsError
from qa.staff.quality.trial import Trial, TriedHit

# What loads models is imported where it is used: staff should not wait seconds for a list of snapshots.


@click.command("ask")
@click.argument("question", required=False)
@click.option("--file", type=PATH, help='Questions, one JSON object a line: {"id", "question", "history"?}.')
@click.option("--history", type=PATH, help="Earlier turns: a JSON list of [question, reply] pairs.")
@click.option("--document", default="", help="Ask this document alone.")
@click.option("--llm/--no-llm", help="Have the model of QA_LLM_URL write it out.")
@click.option("--json", "as_json", is_flag=True, help="Print the whole reply, one JSON object a line.")
@pass_settings
def ask(
    settings: Settings,
    *,
    question: str | None,
    file: Path | None,
    history: Path | None,
    document: str,
    llm: bool,
    as_json: bool,
) -> int:
    """Ask one question, or those of a file."""
    from qa.bootstrap import service as bootstrap

    asked = _asked(question, file, history)
    if llm and not settings.llm_url:
        raise SettingsError(f"--llm needs QA_LLM_URL, the endpoint of a model; see {GUIDE}")
    service = bootstrap.open_service(settings, show_progress)

    def quoted(text: str, turns: Sequence[Turn] = ()) -> Reply:
        return service.assistant.ask(text, turns, document=document)

    answer = bootstrap.written_or_quoted(service) if llm and not document else quoted
    answered = False
    for question_id, text, turns in asked:
        reply = answer(text, turns)
        answered |= not isinstance(reply, Abstention)
        if as_json:
            print_json(reply_json(reply, question_id=question_id))
        else:
            say_reply(reply, llm=llm)
    return DONE if answered or file else REFUSED


def say_reply(reply: Reply, *, llm: bool) -> None:
    """Print a reply: what its form says first, its text, and where the words stand; or else the nearest passage."""
    if reply.form.line:
        say(reply.form.line)
    say(reply.text)
    for choice in reply.choices if isinstance(reply, Answer) else ():
        say(f"  也可能问的是{choice.label}：--document '{choice.document}'")
    if isinstance(reply, Abstention):
        if reply.nearest:
            say(f"最接近的一段（不是答案）：{' '.join(reply.nearest[0].text.split())}")
            say(_place(reply.nearest[0]))
        return
    if llm:
        say(written_note(reply))
    for citation in reply.citations:
        say(_place(citation))


def _place(citation: Citation) -> str:
    path = dict.fromkeys([citation.title, *citation.headings, citation.place])
    return f"  —— {' › '.join(filter(None, path))}{f'（注意：此件{citation.note}）' if citation.note else ''}"


def written_note(answer: Answer) -> str:
    """Say how an answer that a model was asked for was made."""
    left_out = (
        f"；略去没有通过核对的句子{len(answer.left_out)}句：{', '.join(answer.left_out)}" if answer.left_out else ""
    )
    if answer.made_by == WRITTEN:
        return f"  （{AI_LABEL}，每句都与所注文件核对过{left_out}）"
    return f"  （文件原文；没有采用模型编写的答案：{answer.unwritten or answer.made_by}{left_out}）"


def _asked(question: str | None, file: Path | None, history: Path | None) -> list[tuple[str | None, str, list[Turn]]]:
    """Return id, question and earlier turns of all that is asked. Raises `QuestionFileError`."""
    if file and question is None:
        if history:
            raise QuestionFileError("--history goes with one question; a line of --file has its own")
        return list(_questions(file))
    if question is None or file:
        raise QuestionFileError("Give one question, or --file with many")
    return [(None, question, _history(_json(history), str(history)) if history else [])]


def _questions(path: Path) -> Iterator[tuple[str | None, str, list[Turn]]]:
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise QuestionFileError(f"{path} cannot be read; give a UTF-8 file with one question a line") from error
    if not any(line.strip() for line in lines):
        raise QuestionFileError(f"{path} holds no question")
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        where = f"{path}, line {number}"
        try:
            entry = json.loads(line)
            question, question_id = entry["question"], entry.get("id")
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise QuestionFileError(f'{where}: not a JSON object with "question"') from error
        if not isinstance(question, str):
            raise QuestionFileError(f"{where}: the question is no text")
        yield None if question_id is None else str(question_id), question, _history(entry.get("history") or [], where)


def _history(pairs: Any, where: str) -> list[Turn]:
    whole = isinstance(pairs, list) and all(
        isinstance(p, list) and [type(part) for part in p] == [str, str] for p in pairs
    )
    if not whole:
        raise QuestionFileError(f"{where}: the history is no list of [question, reply] pairs")
    return [Turn(question, reply) for question, reply in pairs]


def _json(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, RecursionError) as error:
        raise QuestionFileError(f"{path} cannot be read as JSON") from error


@click.command("try")
@click.argument("question", required=False)
@click.option("--snapshot", default="", help="Default: the published one.")
@click.option("--threshold", type=float, help="Default: the one in use.")
@click.option("--rates", is_flag=True, help="Print both error rates at every threshold instead.")
@json_option
@pass_settings
def try_(
    settings: Settings, *, question: str | None, snapshot: str, threshold: float | None, rates: bool, as_json: bool
) -> int:
    """Ask one question of any snapshot; show all that was found."""
    if rates:
        return _rates(settings, snapshot, as_json)
    trial = console_of(settings).trial.ask(question or "", snapshot=snapshot, threshold=threshold)
    if as_json:
        print_json(_trial_json(trial))
        return DONE
    say(f"{trial.snapshot}  检索用：{trial.asked_as}  门槛{trial.threshold:.2f}")
    for label, hits in (("达到门槛", trial.above), ("没有达到门槛", trial.below)):
        say(f"{label}：{len(hits)}段")
        for hit in hits:
            say(_hit_line(hit))
    say(f"市民看到：{trial.reply.text}")
    return DONE


def _rates(settings: Settings, snapshot: str, as_json: bool) -> int:
    found = console_of(settings).trial.rates(snapshot)
    if as_json:
        print_json([one.as_json() for one in found])
    for one in found if not as_json else ():
        right, refused = f"{one.right}/{one.answerable}", f"{one.refused}/{one.unanswerable}"
        say(f"{one.threshold:.2f}  答对{right}  扣下{one.held_back}  拒答{refused}  错误显示{one.wrong}")
    return DONE


def _hit_line(hit: TriedHit) -> str:
    scores = f"把握{hit.reader:.2f} 语义{hit.dense:.3f} 字词{hit.lexical:.2f} 合计{hit.fused:.2f}"
    return f"  {hit.rank}. {scores}  {hit.document} {hit.start}-{hit.end}  {' '.join(hit.text.split())[:60]}"


def _trial_json(trial: Trial) -> dict[str, Any]:
    content = {name: getattr(trial, name) for name in ("snapshot", "question", "asked_as", "threshold")}
    hits = {
        kind: [{name: getattr(hit, name) for name in hit.__dataclass_fields__} for hit in getattr(trial, kind)]
        for kind in ("above", "below")
    }
    return {**content, **hits, "reply": reply_json(trial.reply)}
