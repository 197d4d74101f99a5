"""`GET /metrics`: figures about the running server for Prometheus. No words, addresses or names of citizens.

The guard lets in only the addresses of the setting.
"""

import time
from collections.abc import Callable

from fastapi import APIRouter
from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from starlette.responses import Response

from qa.service.answer_queue import AnswerQueue
from qa.service.reply_log import ReplyLog
from qa.web.http.draining import Draining

SECONDS = (0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 5.0, 10.0, 20.0)


class Metrics:
    """The figures of one app; calling it notes a question."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        PlatformCollector(registry=self._registry)
        self._questions = Counter(
            "qa_questions", "Questions by what became of them", ["channel", "outcome"], registry=self._registry
        )
        self._seconds = Histogram(
            "qa_reply_seconds",
            "Seconds from a question to its reply, waiting included",
            ["channel"],
            buckets=SECONDS,
            registry=self._registry,
        )

    def __call__(self, channel: str, outcome: str, seconds: float) -> None:
        self._questions.labels(channel, outcome).inc()
        self._seconds.labels(channel).observe(seconds)

    def watch(self, queue: AnswerQueue, log: ReplyLog, draining: Draining) -> None:
        """Look at the line, the log, the served snapshot and the end of the server whenever the figures are read."""
        since = time.time()
        figures: dict[str, tuple[str, Callable[[], float]]] = {
            "qa_questions_present": ("Questions waiting or being answered", lambda: queue.present),
            "qa_passages": ("Passages of the served snapshot", lambda: queue.assistant.status.passages),
            "qa_snapshot_built_seconds": (
                "When the served snapshot was built, in seconds since 1970",
                lambda: queue.assistant.status.built_at.timestamp(),
            ),
            "qa_degraded": (
                "1 while another snapshot than the published one is served",
                lambda: bool(queue.assistant.status.degraded),
            ),
            "qa_log_waiting": ("Rows of the log that wait for the database", lambda: log.waiting),
            "qa_draining": ("1 while the server is about to stop", lambda: draining.begun),
            "qa_started_seconds": ("When the server started, in seconds since 1970", lambda: since),
        }
        for name, (what, look) in figures.items():
            Gauge(name, what, registry=self._registry).set_function(look)

    def text(self) -> bytes:
        return bytes(generate_latest(self._registry))


def routes(metrics: Metrics) -> APIRouter:
    """Return the one route."""
    router = APIRouter()

    @router.get("/metrics", include_in_schema=False)
    async def read() -> Response:
        return Response(metrics.text(), headers={"Content-Type": CONTENT_TYPE_PLAIN_0_0_4})

    return router
