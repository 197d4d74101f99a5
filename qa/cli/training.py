"""The command that trains embedder, reader, confidence and the forms of answers from files of questions."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from qa.cli.output import DONE, PATH, POSITIVE, pass_settings, show_progress
from qa.evaluation.squad import QuestionFileError
from qa.runtime.settings import Settings

if TYPE_CHECKING:
    from qa.training.commands import Data  # it imports PyTorch


@click.command("train")
@click.argument("what", type=click.Choice(["embedder", "reader", "confidence", "router", "forms"]))
@click.option(
    "--questions", type=PATH, multiple=True, metavar="FILE", help="Documents with questions; may be repeated."
)
@click.option("--forms", type=PATH, multiple=True, metavar="FILE", help="Questions with their right form; for forms.")
@click.option("--golden", type=PATH, metavar="FILE", help="An office's golden questions.")
@click.option("--documents", type=PATH, metavar="FOLDER", help="The documents that they are asked over.")
@click.option("--sets", type=PATH, metavar="FOLDER", help="With cmrc2018_train.json, drcd_dev.json.")
@click.option("--out", type=PATH, required=True, metavar="FOLDER", help="For checkpoints and the result.")
@click.option("--start", type=PATH, metavar="WEIGHTS", help="Go on from these weights.")
@click.option("--average", is_flag=True, help="The result is the mean with the weights of --start.")
@click.option("--epochs", type=POSITIVE)
@click.option("--learning-rate", type=float)
@click.option("--steps", type=POSITIVE, metavar="N", help="End after N batches, before the epochs do.")
@click.option("--seconds", type=POSITIVE, metavar="N", help="Reader: end after N seconds.")
@click.option("--seed", type=int)
@click.option("--every", type=POSITIVE, default=1, metavar="N", help="Confidence: ask every N-th question.")
@click.option("--threshold", type=click.FloatRange(0, 1), help="Confidence: the one kept with the constants.")
@pass_settings
def train(
    settings: Settings,
    /,
    what: str,
    *,
    questions: Sequence[Path],
    forms: Sequence[Path],
    golden: Path | None,
    documents: Path | None,
    sets: Path | None,
    out: Path,
    start: Path | None,
    average: bool,
    every: int,
    threshold: float | None,
    **recipe: Any,
) -> int:
    """Train embedder, reader, confidence, router or forms; see docs/training.md."""
    from index.embedding import bundled_model
    from qa.training import commands

    if what in ("router", "forms"):
        return _fit_rules(what, questions, forms, out)
    if not questions and not (golden and documents):
        raise QuestionFileError("Give --questions, or --golden together with --documents")
    if average and not start:
        raise QuestionFileError("There is nothing to take the mean with: --average needs --start")
    data = commands.Data(questions, golden, documents, sets)
    if what == "confidence":
        path = _fit_confidence(settings, data, out, every=every, threshold=threshold)
    else:
        run = commands.train_embedder if what == "embedder" else commands.train_reader
        path = run(
            data,
            out=out,
            model_folder=bundled_model.unpack(settings.home),
            start=start,
            average=average,
            chosen=recipe,
            progress=show_progress,
        )
    print(path)
    return DONE


def _fit_rules(what: str, questions: Sequence[Path], forms: Sequence[Path], out: Path) -> int:
    if what == "router":
        from qa.training.linear.router import train_router

        print(train_router(out, show_progress))
        return DONE
    from qa.training.linear.answer_forms import train_forms

    for path in train_forms(questions, forms, out=out, progress=show_progress):
        print(path)
    return DONE


def _fit_confidence(settings: Settings, data: "Data", out: Path, *, every: int, threshold: float | None) -> Path:
    from qa.answering.assistant import HITS
    from qa.answering.reader.extractive import ExtractiveReader
    from qa.bootstrap import service as bootstrap
    from qa.training import commands

    parts = bootstrap.open_parts(settings, show_progress)
    if not isinstance(parts.reader, ExtractiveReader):
        raise QuestionFileError("QA_READER names a reader that has no confidence to be fitted")
    return commands.fit_confidence(
        data,
        out=out,
        reader=parts.reader,
        by=parts.embedder,
        synonyms=parts.synonyms,
        count=HITS,
        threshold=parts.reader.threshold if threshold is None else threshold,
        every=every,
        progress=show_progress,
    )
