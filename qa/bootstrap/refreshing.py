"""What a refresh works with, chosen by the settings. Models are loaded only by what needs them."""

import os
from collections.abc import Callable

from corpus.limits import Limits
from index.embedding import bundled_model
from index.embedding.base import Embedder
from index.snapshots.snapshot import SnapshotDamaged
from qa.answering.query_rewriting import Synonyms
from qa.answering.reader.base import AtThreshold
from qa.bootstrap.models import open_reader
from qa.evaluation.gate import Gate, GateLimits
from qa.evaluation.golden import GoldenQuestion, read_golden
from qa.evaluation.network_cache import NetworkCache, reader_identity
from qa.publishing import report as reports
from qa.publishing.progress import Progress, Show
from qa.publishing.refresh import Order, RefreshInputs, refresh
from qa.publishing.report import Report
from qa.publishing.serving import store_of
from qa.runtime.settings import Settings
from qa.storage import runtime_settings
from qa.storage.database import DATABASE
from qa.storage.disk_errors import disk_in_words
from qa.storage.reviewed_answers import ReviewedAnswers

CACHES = "caches"


def means_of(settings: Settings, embedder: Callable[[], Embedder]) -> RefreshInputs:
    """Return the means of a refresh; its judge asks at the threshold that citizens are answered at."""
    golden = golden_of(settings)

    def judge() -> Gate:
        bar = GateLimits(
            tolerance=settings.golden_tolerance, answered=settings.golden_answered, refused=settings.golden_refused
        )
        memory = NetworkCache(settings.home / CACHES / "readings.cache", identity=reader_identity())
        synonyms = Synonyms.read()
        switched = runtime_settings.current(settings.home)
        opened = open_reader(settings, lambda: memory.embedder(embedder()), around=memory.around)
        reader = AtThreshold(opened, lambda: switched.threshold)
        reviewed = ReviewedAnswers(settings.home / DATABASE, embedder(), synonyms)
        return Gate(golden, reader, synonyms, bar, memory, reviewed, switched)

    return RefreshInputs(
        folder=settings.documents,
        home=settings.home,
        store=store_of(settings.home),
        model=model_of(settings, embedder),
        embedder=embedder,
        judge=judge if golden else None,
        golden=golden,
        limits=Limits(megabytes=settings.max_file_mb),
        keep=settings.keep,
        key_file=settings.key_file,
    )


def model_of(settings: Settings, embedder: Callable[[], Embedder]) -> str:
    """Return the name of the model that embeds; the bundled one need not be loaded to be named."""
    return bundled_model.embedder_name() if settings.embedding_model == bundled_model.NAME else embedder().name


def golden_of(settings: Settings) -> list[GoldenQuestion]:
    """The golden questions: none when there are none beside the documents; a file that staff named has to be there."""
    beside = settings.documents.parent / "golden.jsonl"
    return read_golden(settings.golden) if settings.golden.is_file() or settings.golden != beside else []


def run_refresh(settings: Settings, order: Order, show: Show, *, embedder: Callable[[], Embedder]) -> Report:
    """Refresh, report the progress to `show`, keep the report. Raises what `refresh` raises, and `DiskRefused`."""
    with disk_in_words():
        progress = Progress(settings.home, who=order.who, pid=os.getpid(), show=show)
        before = _published(settings)
        report = refresh(means_of(settings, embedder), order, progress)
        reports.keep(settings.home, report, who=order.who, before=before)
        return report


def _published(settings: Settings) -> str | None:
    try:
        return store_of(settings.home).published()
    except SnapshotDamaged:
        return None
