"""The program as it is served, around an assistant that takes its time: run as a process of its own."""

import sys
import time
from collections.abc import Sequence
from typing import Any

import app
from qa.answering.reply import Reply, Turn
from tests.support.doubles.web import FakeAssistant, FakeSources, answer

SECONDS = 0.2


class SlowAssistant(FakeAssistant):
    edition = ""


class Parts:
    """What the pages stand on, made by hand."""

    def __init__(self) -> None:
        self.assistant = SlowAssistant(_slow)
        self.sources = FakeSources()
        self.golden: tuple[()] = ()
        self.models = self.switches = self.writer = None


def _slow(question: str, history: Sequence[Turn]) -> Reply:
    time.sleep(SECONDS)
    return answer(question, history)


def _open(*_: Any) -> Any:
    return Parts()


if __name__ == "__main__":
    vars(app)["open_service"] = _open
    sys.exit(app.main())
