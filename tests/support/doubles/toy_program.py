"""The program as it is served, and its refresh, with the toy embedder for the models: each a process of its own.

`python -m tests.support.doubles.toy_program serve`, or `refresh`, by the settings of the environment.
"""

import os
import sys
import time

from qa.answering.query_rewriting import Synonyms
from qa.answering.reader.similarity import SimilarityReader
from qa.bootstrap import service
from qa.bootstrap.refreshing import run_refresh
from qa.publishing.progress import State
from qa.publishing.refresh import Order
from qa.publishing.serving import store_of
from qa.runtime.settings import Settings, read
from tests.support.doubles.toy import ToyEmbedder

# Named in QA_EMBEDDING_MODEL, so that the bundled one is not.
MODEL = "toy"
# A step of the refresh, and the seconds that it waits there, so that it can be killed in it.
STEP, PAUSE = "TOY_STEP", "TOY_PAUSE"


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
    report = run_refresh(settings, Order(who="王芳"), show, embedder=ToyEmbedder)
    print(report.published or report.why)
    return 0 if report.published else 1


if __name__ == "__main__":
    sys.exit(_serve() if sys.argv[1] == "serve" else _refresh())
