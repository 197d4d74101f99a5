"""The command line: everything staff and other tools do without the web page."""

import argparse
import io
import json
import logging
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from qa.answering.reply import AI_LABEL, WRITTEN, Abstention, Answer, Turn, as_json
from qa.bootstrap.errors import EXPECTED, REFUSALS
from qa.cli import accounts, answers, backups, documents, golden, questions, refresh, snapshots, training
from qa.cli import settings as setting_commands
from qa.cli.output import positive, print_json, say
from qa.evaluation.golden import GoldenQuestion, Judgement, judge, read_golden, tally
from qa.evaluation.squad import QuestionFileError, exact_match, f1, read_squad
from qa.runtime import settings as configuration
from qa.runtime.private_files import keep_private
from qa.runtime.settings import Settings

# What loads models is imported where it is used: staff should not wait seconds for a list of snapshots.

DONE, REFUSED, WRONG_USE, INTERRUPTED = 0, 1, 2, 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; give its exit code: 0 done, 1 refused or nothing found, 2 wrong use."""
    options = command_line().parse_args(arguments)
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s", stream=sys.stderr)
    _never_fail_to_print()
    try:
        command: Callable[[argparse.Namespace, Settings], int] = options.command
        settings = configuration.read(os.environ)
        keep_private(settings.home)
        return command(options, settings)
    except EXPECTED as error:
        print(f"qa: {error}", file=sys.stderr)
        return REFUSED if isinstance(error, REFUSALS) else WRONG_USE
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except OSError as error:
        print(f"qa: {error.filename or 'the output'}: {error.strerror}", file=sys.stderr)
        return WRONG_USE
    except KeyboardInterrupt:
        print("qa: 已中断（interrupted），现行版本不变；已算好的向量下次接着用", file=sys.stderr)
        return INTERRUPTED


def command_line() -> argparse.ArgumentParser:
    """Every command with its options."""
    parser = argparse.ArgumentParser(prog="python -m qa", description="浙涪问答: ask, refresh, publish, evaluate")
    commands = parser.add_subparsers(required=True, metavar="command")

    ask = commands.add_parser("ask", help="ask one question, or those of a file")
    ask.add_argument("question", nargs="?", help="the question")
    ask.add_argument("--file", type=Path, help='questions, one JSON object a line: {"id", "question", "history"?}')
    ask.add_argument("--history", type=Path, help="earlier turns: a JSON list of [question, reply] pairs")
    ask.add_argument("--json", action="store_true", help="print the whole reply, one JSON object a line")
    ask.add_argument(
        "--llm", action=argparse.BooleanOptionalAction, default=False, help="have the model of QA_LLM_URL write it out"
    )
    ask.set_defaults(command=_ask)

    refresh.add(commands)
    snapshots.add(commands)
    accounts.add(commands)
    questions.add(commands)
    answers.add(commands)
    golden.add(commands)
    setting_commands.add(commands)
    backups.add(commands)
    documents.add(commands)

    evaluate = commands.add_parser("evaluate", help="ask golden questions and print a table")
    evaluate.add_argument("file", nargs="?", type=Path, help="golden questions; default: QA_GOLDEN")
    evaluate.add_argument("--squad", type=Path, metavar="FILE", help="questions in SQuAD form: print EM and F1")
    evaluate.add_argument("--limit", type=positive, metavar="N", help="ask the first N SQuAD questions only")
    evaluate.add_argument("--thresholds", action="store_true", help="print both error rates at every threshold")
    evaluate.add_argument("--json", action="store_true", help="print the figures as JSON")
    evaluate.set_defaults(command=_evaluate)

    training.add(commands)
    return parser


def _ask(options: argparse.Namespace, settings: Settings) -> int:
    from qa.bootstrap import service as bootstrap

    if (options.question is None) == (options.file is None):
        raise QuestionFileError("Give one question, or --file with many")
    if options.file and options.history:
        raise QuestionFileError("--history goes with one question; a line of --file has its own")
    if options.file:
        asked = list(_questions(options.file))
    else:
        history = _history(_json(options.history), str(options.history)) if options.history else []
        asked = [(None, options.question, history)]
    if options.llm and not settings.llm_url:
        raise configuration.SettingsError(f"--llm needs QA_LLM_URL, the endpoint of a model; see {configuration.GUIDE}")
    service = bootstrap.open_service(settings, _progress)
    ask = bootstrap.written_or_quoted(service) if options.llm else service.assistant.ask
    answered = False
    for question_id, question, history in asked:
        reply = ask(question, history)
        answered |= not isinstance(reply, Abstention)
        if options.json:
            print_json(as_json(reply, question_id=question_id))
            continue
        say(reply.text)
        if not isinstance(reply, Abstention):
            if options.llm:
                say(written_note(reply))
            for citation in reply.citations:
                path = dict.fromkeys([citation.title, *citation.headings, citation.place])
                say(f"  —— {' › '.join(filter(None, path))}{f'（注意：此件{citation.note}）' if citation.note else ''}")
    return DONE if answered or options.file else REFUSED


def written_note(answer: Answer) -> str:
    """How an answer that a model was asked for was made."""
    left_out = (
        f"；略去没有通过核对的句子{len(answer.left_out)}句：{', '.join(answer.left_out)}" if answer.left_out else ""
    )
    if answer.made_by == WRITTEN:
        return f"  （{AI_LABEL}，每句都与所注文件核对过{left_out}）"
    return f"  （文件原文；没有采用模型编写的答案：{answer.unwritten or answer.made_by}{left_out}）"


def _evaluate(options: argparse.Namespace, settings: Settings) -> int:
    from qa.bootstrap import service as bootstrap

    if options.squad:
        return _evaluate_squad(options, settings)
    golden = read_golden(options.file or settings.golden)
    if options.thresholds:
        return _evaluate_thresholds(golden, options, settings)
    assistant = bootstrap.open_assistant(settings, _progress)
    judgements = judge(golden, assistant.ask)
    rows = tally(judgements)
    wrong = [judgement for judgement in judgements if judgement.verdict == "wrong"]
    if options.json:
        print_json({"tags": [row.as_json() for row in rows], "wrong": [_wrong_json(j) for j in wrong]})
        return DONE
    print(f"{'tag':<15}{'asked':>7}{'right':>7}{'wrong':>7}{'refused':>9}{'cited':>7}{'p50 ms':>9}{'p95 ms':>9}")
    for row in rows:
        counts = f"{row.asked:>7}{row.right:>7}{row.wrong:>7}{row.refused:>9}{row.cited:>7}"
        print(f"{row.tag:<15}{counts}{row.p50_ms:>9}{row.p95_ms:>9}")
    for judgement in wrong:
        shown = " ".join(judgement.reply.text.split())
        say(f"wrong: {judgement.golden.question_id} {judgement.golden.question} → {shown}")
    for judgement in judgements:
        if judgement.verdict == "refused" and judgement.golden.answerable:
            say(f"refused: {judgement.golden.question_id} {judgement.golden.question}")
    return DONE


def _evaluate_thresholds(golden: Sequence[GoldenQuestion], options: argparse.Namespace, settings: Settings) -> int:
    from qa.bootstrap import service as bootstrap
    from qa.evaluation import thresholds

    parts = bootstrap.open_parts(settings, _progress)
    snapshot = parts.store.load_served(model=parts.embedder.name).snapshot
    counted = thresholds.rates(golden, snapshot, parts.embedder, parts.reader, parts.synonyms)
    if options.json:
        print_json({"thresholds": [rates.as_json() for rates in counted]})
        return DONE
    print(f"{'threshold':<11}{'right':>10}{'held back':>11}{'refused':>10}{'wrong shown':>17}")
    for row in counted:
        right, refused = f"{row.right}/{row.answerable}", f"{row.refused}/{row.unanswerable}"
        asked = row.answerable + row.unanswerable
        print(
            f"{row.threshold:<11.2f}{right:>10}{row.held_back:>11}{refused:>10}"
            f"{row.wrong:>8} = {row.wrong / asked:>6.1%}"
        )
    return DONE


def _evaluate_squad(options: argparse.Namespace, settings: Settings) -> int:
    from qa.bootstrap import service as bootstrap

    paragraphs = read_squad(options.squad)
    parts = bootstrap.open_parts(settings, _progress)
    scores: list[tuple[float, float]] = []
    for paragraph in paragraphs:
        for question in paragraph.questions:
            if options.limit and len(scores) >= options.limit:
                break
            prediction = bootstrap.read_paragraph(parts, question.text, paragraph)
            references = [answer for answer, _ in question.answers]
            scores.append((exact_match(prediction, references), f1(prediction, references)))
            if len(scores) % 100 == 0:
                _progress(f"{len(scores)} questions read")
    count = len(scores)
    if not count:
        raise QuestionFileError(f"{options.squad} holds no question")
    figures = {
        "em": round(100 * sum(em for em, _ in scores) / count, 2),
        "f1": round(100 * sum(f for _, f in scores) / count, 2),
        "n": count,
    }
    if options.json:
        print_json(figures)
    else:
        print(f"EM {figures['em']} F1 {figures['f1']} on {count} questions")
    return DONE


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


def _wrong_json(judgement: Judgement) -> dict[str, Any]:
    return {**as_json(judgement.reply, question_id=judgement.golden.question_id), "must": judgement.golden.must}


def _progress(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _never_fail_to_print() -> None:
    if isinstance(sys.stdout, io.TextIOWrapper):  # half a surrogate pair in an id, a terminal without Chinese
        sys.stdout.reconfigure(errors="backslashreplace")
