"""`evaluate`: asks golden questions or those of a SQuAD file, and prints what was right."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from index.snapshots.served import load_served
from qa.answering.reply import as_json as reply_json
from qa.cli.output import DONE, PATH, POSITIVE, json_option, pass_settings, print_json, say, show_progress
from qa.evaluation.golden import GoldenQuestion, Judgement, judge, read_golden, tally
from qa.evaluation.squad import QuestionFileError, read_squad, scores
from qa.runtime.settings import Settings


@click.command("evaluate")
@click.argument("file", type=PATH, required=False)
@click.option("--squad", type=PATH, metavar="FILE", help="Questions in SQuAD form: print EM and F1.")
@click.option("--limit", type=POSITIVE, metavar="N", help="Ask the first N SQuAD questions only.")
@click.option("--thresholds", is_flag=True, help="Print both error rates at every threshold.")
@json_option
@pass_settings
def evaluate(
    settings: Settings, *, file: Path | None, squad: Path | None, limit: int | None, thresholds: bool, as_json: bool
) -> int:
    """Ask golden questions (by default those of QA_GOLDEN) and print a table."""
    from qa.bootstrap import service as bootstrap

    if squad:
        return _evaluate_squad(settings, squad, limit, as_json)
    asked = read_golden(file or settings.golden)
    if thresholds:
        return _evaluate_thresholds(settings, asked, as_json)
    judgements = judge(asked, bootstrap.open_assistant(settings, show_progress).ask)
    if as_json:
        wrong = [_wrong_json(judgement) for judgement in judgements if judgement.verdict == "wrong"]
        print_json({"tags": [row.as_json() for row in tally(judgements)], "wrong": wrong})
    else:
        _say_table(judgements)
    return DONE


def _say_table(judgements: Sequence[Judgement]) -> None:
    print(f"{'tag':<15}{'asked':>7}{'right':>7}{'wrong':>7}{'refused':>9}{'cited':>7}{'p50 ms':>9}{'p95 ms':>9}")
    for row in tally(judgements):
        counts = f"{row.asked:>7}{row.right:>7}{row.wrong:>7}{row.refused:>9}{row.cited:>7}"
        print(f"{row.tag:<15}{counts}{row.p50_ms:>9}{row.p95_ms:>9}")
    for judgement in judgements:
        if judgement.verdict == "wrong":
            shown = " ".join(judgement.reply.text.split())
            say(f"wrong: {judgement.golden.question_id} {judgement.golden.question} → {shown}")
    for judgement in judgements:
        if judgement.verdict == "refused" and judgement.golden.answerable:
            say(f"refused: {judgement.golden.question_id} {judgement.golden.question}")


def _wrong_json(judgement: Judgement) -> dict[str, Any]:
    return {**reply_json(judgement.reply, question_id=judgement.golden.question_id), "must": judgement.golden.must}


def _evaluate_thresholds(settings: Settings, asked: Sequence[GoldenQuestion], as_json: bool) -> int:
    from qa.bootstrap import service as bootstrap
    from qa.evaluation import thresholds

    parts = bootstrap.open_parts(settings, show_progress)
    snapshot = load_served(parts.store, model=parts.embedder.name).snapshot
    counted = thresholds.rates(asked, snapshot, parts.embedder, parts.reader, parts.synonyms)
    if as_json:
        print_json({"thresholds": [rates.as_json() for rates in counted]})
        return DONE
    print(f"{'threshold':<11}{'right':>10}{'held back':>11}{'refused':>10}{'wrong shown':>17}")
    for row in counted:
        right, refused = f"{row.right}/{row.answerable}", f"{row.refused}/{row.unanswerable}"
        among = row.answerable + row.unanswerable
        print(
            f"{row.threshold:<11.2f}{right:>10}{row.held_back:>11}{refused:>10}"
            f"{row.wrong:>8} = {row.wrong / among:>6.1%}"
        )
    return DONE


def _evaluate_squad(settings: Settings, squad: Path, limit: int | None, as_json: bool) -> int:
    from qa.bootstrap import service as bootstrap

    paragraphs = read_squad(squad)
    if not any(paragraph.questions for paragraph in paragraphs):
        raise QuestionFileError(f"{squad} holds no question")
    parts = bootstrap.open_parts(settings, show_progress)
    figures = scores(
        paragraphs,
        lambda question, paragraph: bootstrap.read_paragraph(parts, question, paragraph),
        limit=limit,
        progress=lambda count: show_progress(f"{count} questions read") if count % 100 == 0 else None,
    )
    if as_json:
        print_json(figures)
    else:
        print(f"EM {figures['em']} F1 {figures['f1']} on {figures['n']} questions")
    return DONE
