"""Writes what a graphics card needs for many epochs, and joins the weight files that come back.

    python -m qa.training.bundle OUT
    python -m qa.training.bundle --join OUT.safetensors PARTS…

The bundle holds the encoder cut to the pieces that occur, tokenised examples and the modules that train.
"""

import argparse
import json
import shutil
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from safetensors.numpy import load_file, save_file

from index.embedding import bundled_model
from qa.training.gpu import examples as stored
from qa.training.gpu import parts
from qa.training.gpu.encoder import Shape, packed
from qa.training.questions.written import read_written
from qa.training.tokenised import Tokenised, tokenise
from qa.training.train import LICENCE

ROOT = Path(__file__).parents[2]
DATA = ROOT / "qa" / "training" / "data"
SHARED = ROOT.parent / "shared" / "data"
STARTS = {
    "reader": ROOT / "qa" / "answering" / "reader" / "model" / "reader.safetensors",
    "embedder": bundled_model.EMBEDDER_WEIGHTS,
}
# The modules that travel: they import one another, PyTorch, numpy and safetensors, and nothing else.
MODULES = (
    "index/__init__.py",
    "index/embedding/__init__.py",
    "index/embedding/weight_file.py",
    "index/embedding/weights.py",
    "qa/__init__.py",
    "qa/answering/__init__.py",
    "qa/answering/reader/__init__.py",
    "qa/answering/reader/network.py",
    "qa/training/__init__.py",
    *(
        f"qa/training/gpu/{name}.py"
        for name in ("__init__", "encoder", "examples", "fit", "measures", "parts", "tasks", "train")
    ),
)


def write(
    made: Tokenised, model_folder: Path, out: Path, *, starts: Mapping[str, Path], about: Mapping[str, str]
) -> None:
    """Write a bundle into the folder `out`.

    `starts` are weight files to take along; `about` is what the weights trained will say of their data.
    """
    out.mkdir(parents=True, exist_ok=True)
    state = load_file(model_folder / "model.safetensors")
    save_file(packed(state, made.tokens), out / "encoder.safetensors")
    told = json.loads((model_folder / "config.json").read_text(encoding="utf-8"))
    shape = Shape(
        vocabulary=len(made.tokens),
        hidden=told["hidden_size"],
        layers=told["num_hidden_layers"],
        heads=told["num_attention_heads"],
        feed_forward=told["intermediate_size"],
        positions=told["max_position_embeddings"],
        token_types=told["type_vocab_size"],
        eps=told["layer_norm_eps"],
    )
    (out / "shape.json").write_text(json.dumps(asdict(shape)), encoding="utf-8")
    (out / "about.json").write_text(json.dumps(about, ensure_ascii=False), encoding="utf-8")
    stored.write(out, made.arrays, made.texts)
    for name in MODULES:
        path = out / name
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, path)
    for task, path in starts.items():
        shutil.copyfile(path, out / f"start-{task}.safetensors")


def main(arguments: Sequence[str] | None = None, progress: Callable[[str], None] | None = None) -> int:
    """Write a bundle, or join what came back."""
    options = _options().parse_args(arguments)
    say = progress or _say
    if options.join:
        parts.join(options.join, options.out)
        return 0
    training, validation = (
        [written for path in paths for written in read_written(path)]
        for paths in (
            options.questions or [_found("learned", "train")],
            [options.validation or _found("held_out", "validation")],
        )
    )
    model_folder = options.model or bundled_model.unpack(Path("var"))
    sets = options.sets if (options.sets / "cmrc2018_train.json").is_file() else None
    say(f"{len(training)} documents, {sum(len(d.questions) for d in training)} questions, sets: {sets or 'none'}")
    made = tokenise(
        training, validation, model_folder, sets=sets, epochs=options.epochs, seed=options.seed, progress=say
    )
    write(made, model_folder, options.out, starts=STARTS if options.with_start else {}, about=_about(options, sets))
    for path in sorted(options.out.glob("*.*")):
        say(f"{path.name}: {path.stat().st_size / 1e6:.1f} MB")
    say(f"{len(made.tokens)} pieces, {len(made.arrays['reader'])} examples of the reader")
    return 0


def _about(options: argparse.Namespace, sets: Path | None) -> dict[str, str]:
    """Return the sets are CC BY-SA; so are the shipped weights that a training begins from."""
    questions = ", ".join(path.name for path in options.questions or [_found("learned", "train")])
    told = {"data": f"{questions}{', CMRC 2018 train, DRCD dev' if sets else ''}", "licence": LICENCE}
    return {**told, "bundle": f"{options.epochs} epochs, seed {options.seed}"}


def _found(room: str, name: str) -> Path:
    places = DATA / room / f"{name}.jsonl.xz", SHARED / "written" / f"{name}.jsonl"
    return next(path for path in places if path.is_file())


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="qa.training.bundle", description="see docs/training.md, On a GPU")
    parser.add_argument("out", type=Path, help="the folder to write, or with --join the weight file")
    parser.add_argument("--join", type=Path, nargs="+", metavar="PART", help="put the parts of a weight file together")
    parser.add_argument("--questions", type=Path, action="append", metavar="FILE", help="to train on; repeatable")
    parser.add_argument("--validation", type=Path, metavar="FILE", help="to choose by")
    parser.add_argument("--sets", type=Path, default=SHARED, metavar="FOLDER", help="with cmrc2018_train.json")
    parser.add_argument("--model", type=Path, metavar="FOLDER", help="the unpacked encoder (made below var)")
    parser.add_argument("--epochs", type=int, default=8, help="different draws of the reader's examples (8)")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--with-start", action="store_true", help="take along the weights to begin from (33 MB)")
    return parser


if __name__ == "__main__":
    sys.exit(main())
