"""The program as it is served, and its refresh, with the toy embedder for the models: each a process of its own.

`python -m tests.support.doubles.toy_program serve`, `refresh` or `worker`, by the settings of the environment;
`qa` and words are a command of the program.
"""

import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from index.embedding.base import Vectors
from qa.answering.query_rewriting import Synonyms
from qa.answering.reader.similarity import SimilarityReader
from qa.bootstrap import service
from qa.bootstrap.refreshing import run_refresh
from qa.bootstrap.worker import work
from qa.publishing.inputs import Order
from qa.publishing.progress import State
from qa.publishing.serving import store_of
from qa.runtime.settings import Settings, read
from qa.storage.database import upgrading
from tests.support.doubles.toy import ToyEmbedder

# Named in QA_EMBEDDING_MODEL, so that the bundled one is not.
MODEL = "toy"
# A folder of revisions of a later version of the program, and the last of them.
REVISIONS, LAST = "TOY_REVISIONS", "TOY_LAST_REVISION"
# A step of the refresh, and the seconds that it waits there, so that it can be killed in it.
STEP, PAUSE = "TOY_STEP", "TOY_PAUSE"
# The seconds that each batch of passages takes, of a refresh or a worker.
EMBEDDING = "TOY_EMBEDDING"


def _parts(settings: Settings, _: service.Progress) -> service.Parts:
    embedder = ToyEmbedder()
    # It answers everything, at any confidence.
    return service.Parts(store_of(settings), embedder, SimilarityReader(embedder, threshold=0.0), Synonyms([]))


def _serve() -> int:
    import app

    vars(service)["open_parts"] = _parts
    vars(service)["_converted"] = lambda _: True
    return app.main()


def _refresh() -> int:
    def show(state: State) -> None:
        if state.step == os.environ.get(STEP):
            time.sleep(float(os.environ.pop(PAUSE, "0")))

    settings = read(os.environ)
    report = run_refresh(settings, Order(who="王芳"), show, embedder=_SlowEmbedder)
    print(report.published or report.why)
    return 0 if report.published else 1


class _SlowEmbedder(ToyEmbedder):
    """Takes some seconds for each batch, so that it can be killed over one."""

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        time.sleep(float(os.environ.get(EMBEDDING, "0")))
        return super().encode_passages(texts)


def _work() -> int:
    work(read(os.environ), _SlowEmbedder)
    return 0


def _command() -> int:
    from index.embedding import sentence_transformer
    from qa.cli.main import main

    vars(sentence_transformer)["open_embedder"] = lambda model, home: ToyEmbedder()
    return main(sys.argv[2:])


def _be_later() -> None:
    if folder := os.environ.get(REVISIONS):
        vars(upgrading).update(FOLDER=Path(folder), REVISIONS=(*upgrading.REVISIONS, os.environ[LAST]))


if __name__ == "__main__":
    _be_later()
    sys.exit({"serve": _serve, "refresh": _refresh, "worker": _work, "qa": _command}[sys.argv[1]]())
