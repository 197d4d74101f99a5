"""What a refresh costs, as ratios measured in one run.

python -m benchmarks.speed.refresh NEWS.jsonl [DOCUMENTS]

Vectors of the first build are seeded with random ones, so that 2,000 documents need no hour; its time is that of its
other steps and of its passages at the rate measured on a sample of them.
"""

import json
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

import qa.runtime.offline  # noqa: F401  # before the libraries that it silences
from corpus.text.passages import PASSAGE_TOKENS
from index.embedding import bundled_model
from index.embedding.base import Embedder
from index.embedding.sentence_transformer import open_embedder
from index.snapshots import snapshot as snapshots
from index.snapshots.served import load_served
from index.snapshots.store import Store
from qa.publishing.board import Board
from qa.publishing.inputs import Order, RefreshInputs
from qa.publishing.progress import Progress
from qa.publishing.refresh.running import refresh
from qa.publishing.report import Report

HOME = Path(__file__).parents[2] / "var"
SAMPLE = 192
LARGE = 50_000


def main(news: Path, count: int) -> None:
    texts = [json.loads(line)["text"] for line in news.read_text(encoding="utf-8").splitlines()]
    embedder = open_embedder(bundled_model.NAME, HOME)
    with tempfile.TemporaryDirectory() as place:
        _refreshes(Path(place), texts[:count], embedder)
        _memory(Path(place) / "large", texts, embedder)


def _refreshes(home: Path, texts: list[str], embedder: Embedder) -> None:
    folder = home / "documents"
    folder.mkdir()
    for number, text in enumerate(texts):
        (folder / f"{number:04d}.txt").write_text(text, encoding="utf-8")
    store, seeding = Store(home / "snapshots"), _Random(embedder)
    rest = _timed(lambda: _refresh(home, store, seeding))
    passages = load_served(store, model=embedder.name).snapshot.passages
    indexed = [snapshots.indexed_text(passage) for passage in passages]
    sample = random.Random(1).sample(indexed, min(SAMPLE, len(indexed)))
    ours, default = _rate(embedder.encode_passages, sample), _rate(_default(), sample)
    first = rest + len(passages) / ours
    path = folder / "0007.txt"
    path.write_text(path.read_text(encoding="utf-8") + "\n另据了解，该项目将于明年完工。\n", encoding="utf-8")
    changed = _timed(lambda: _refresh(home, store, embedder))
    same = _timed(lambda: _refresh(home, store, embedder))
    print(f"{len(texts)} documents, {len(passages)} passages; no golden questions")
    print(
        f"embedding              {ours:8.1f} passages/s, "
        f"{ours / default:.2f} x SentenceTransformer.encode ({default:.1f})"
    )
    print(f"first build            {first:8.1f} s, {rest:.1f} s of it besides embedding")
    print(f"one document changed   {changed:8.1f} s, {changed / first:.1%} of the first build")
    print(f"nothing changed        {same:8.2f} s")
    print("These leave out what starting Python and opening the models take, 3 s together on a quiet machine")


class _Random:
    """Stands in for the embedder where only the other steps are measured."""

    def __init__(self, embedder: Embedder) -> None:
        self.name, self.max_tokens = embedder.name, embedder.max_tokens
        self.count_tokens, self.encode_queries = embedder.count_tokens, embedder.encode_queries
        self._chance = np.random.default_rng(1)

    def encode_passages(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        vectors = self._chance.standard_normal((len(texts), bundled_model.HIDDEN), dtype=np.float32)
        lengths: npt.NDArray[np.float32] = np.linalg.norm(vectors, axis=1, keepdims=True)
        return vectors / lengths


def _refresh(home: Path, store: Store, embedder: Embedder) -> Report:
    means = RefreshInputs(
        folder=home / "documents",
        home=home,
        store=store,
        model=embedder.name,
        embedder=lambda: embedder,
        gate=None,
    )
    return refresh(means, Order(who="bench"), Progress(Board(home), who="bench", pid=os.getpid()))


def _default() -> Callable[[list[str]], object]:
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(
        str(bundled_model.unpack(HOME)), device="cpu", model_kwargs={"add_pooling_layer": False}
    )
    return lambda texts: model.encode(["passage: " + text for text in texts], show_progress_bar=False)


def _rate(encode: Callable[[list[str]], object], sample: list[str]) -> float:
    encode(sample[:32])  # compiled, warm
    return len(sample) / min(_timed(lambda: encode(sample)) for _ in range(2))


def _memory(home: Path, texts: list[str], embedder: Embedder) -> None:
    """Print the memory that loading an index of 50,000 passages adds to a process."""
    from corpus.document import Document

    documents = [Document(f"{n:05d}.txt", f"第{n}篇", texts[n % len(texts)] + str(n)) for n in range(LARGE // 3)]
    built = snapshots.build(documents, _Random(embedder), max_tokens=PASSAGE_TOKENS)
    store = Store(home)
    with store.writing():
        store.publish(store.save(built))
    passages = len(built.passages)
    del built, documents
    if (child := os.fork()) == 0:  # nothing has run in threads that the child would miss: it only loads
        os.execv(sys.executable, [sys.executable, "-m", "benchmarks.speed.refresh", "--load", str(home), embedder.name])
    os.waitpid(child, 0)
    print(f"({passages} passages)")


def _loaded(home: Path, model: str) -> None:
    from qa.answering.query_rewriting import Names

    before = _resident()
    loaded = load_served(Store(home), model=model)
    index = _resident()
    names = Names.of(loaded.snapshot)
    print(
        f"memory of the index    {index - before:8.0f} MiB, "
        f"{_resident() - index:.0f} MiB more for {type(names).__name__.lower()}"
    )


def _resident() -> float:
    """Return the MiB that this process holds."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return int(status.split("VmRSS:")[1].split()[0]) / 1024


def _timed(run: Callable[[], object]) -> float:
    started = time.perf_counter()
    run()
    return time.perf_counter() - started


if __name__ == "__main__":
    if sys.argv[1] == "--load":
        _loaded(Path(sys.argv[2]), sys.argv[3])
    else:
        main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 2000)
