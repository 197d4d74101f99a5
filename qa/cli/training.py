"""The command that trains embedder, reader, confidence and the forms of answers from files of questions."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from qa.cli.output import DONE, Commands, positive
from qa.evaluation.squad import QuestionFileError
from qa.runtime.settings import Settings

if TYPE_CHECKING:
    from qa.training.commands import Data  # it imports PyTorch


def add(commands: Commands) -> None:
    """Add `train` to the command line's parser."""
    training = commands.add_parser("train", help="train embedder, reader, confidence or forms; see docs/training.md")
    training.add_argument("what", choices=("embedder", "reader", "confidence", "forms"))
    training.add_argument(
        "--questions", type=Path, nargs="+", default=[], metavar="FILE", help="documents with questions, JSON lines"
    )
    training.add_argument(
        "--forms", type=Path, nargs="+", default=[], metavar="FILE", help="forms: questions with their right form"
    )
    training.add_argument("--golden", type=Path, metavar="FILE", help="an office's golden questions")
    training.add_argument("--documents", type=Path, metavar="FOLDER", help="the documents that they are asked over")
    training.add_argument("--sets", type=Path, metavar="FOLDER", help="with cmrc2018_train.json, drcd_dev.json")
    training.add_argument("--out", type=Path, required=True, metavar="FOLDER", help="for checkpoints and the result")
    training.add_argument("--start", type=Path, metavar="WEIGHTS", help="go on from these weights")
    training.add_argument("--average", action="store_true", help="the result is the mean with the weights of --start")
    training.add_argument("--epochs", type=positive)
    training.add_argument("--learning-rate", type=float)
    training.add_argument("--steps", type=positive, metavar="N", help="end after N batches, before the epochs do")
    training.add_argument("--seconds", type=positive, metavar="N", help="reader: end after N seconds")
    training.add_argument("--seed", type=int)
    training.add_argument("--every", type=positive, default=1, metavar="N", help="confidence: ask every N-th question")
    training.add_argument("--threshold", type=float, help="confidence: the one kept with the constants, 0 to 1")
    training.set_defaults(command=_train)


def _train(options: argparse.Namespace, settings: Settings) -> int:
    from index.embedding import bundled_model
    from qa.training import commands

    if not options.questions and not (options.golden and options.documents):
        raise QuestionFileError("Give --questions, or --golden together with --documents")
    if options.average and not options.start:
        raise QuestionFileError("There is nothing to take the mean with: --average needs --start")
    if options.what == "forms":
        for path in commands.fit_forms(options.questions, options.forms, out=options.out, progress=_progress):
            print(path)
        return DONE
    data = commands.Data(options.questions, options.golden, options.documents, options.sets)
    if options.what == "confidence":
        path = _fit_confidence(options, settings, data)
    else:
        names = ("seed", "epochs", "learning_rate", "steps", "seconds")
        train = commands.train_embedder if options.what == "embedder" else commands.train_reader
        path = train(
            data,
            out=options.out,
            model_folder=bundled_model.unpack(settings.home),
            start=options.start,
            average=options.average,
            chosen={name: getattr(options, name) for name in names},
            progress=_progress,
        )
    print(path)
    return DONE


def _fit_confidence(options: argparse.Namespace, settings: Settings, data: "Data") -> Path:
    from qa.answering.assistant import HITS
    from qa.answering.reader.extractive import ExtractiveReader
    from qa.bootstrap import service as bootstrap
    from qa.training import commands

    parts = bootstrap.open_parts(settings, _progress)
    if not isinstance(parts.reader, ExtractiveReader):
        raise QuestionFileError("QA_READER names a reader that has no confidence to be fitted")
    return commands.fit_confidence(
        data,
        out=options.out,
        reader=parts.reader,
        by=parts.embedder,
        synonyms=parts.synonyms,
        count=HITS,
        threshold=parts.reader.threshold if options.threshold is None else options.threshold,
        every=options.every,
        progress=_progress,
    )


def _progress(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
