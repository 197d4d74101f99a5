"""Assembles the inputs of a refresh by the settings. Models are loaded only where needed."""

import os
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from corpus.limits import Limits
from index.embedding import bundled_model
from index.embedding.base import Embedder
from index.snapshots.snapshot import SnapshotDamaged
from qa.answering.query_rewriting import Synonyms
from qa.answering.reader.base import AtThreshold
from qa.bootstrap.asked_lately import asked_lately
from qa.bootstrap.models import open_reader
from qa.evaluation.gate import Gate, GateLimits
from qa.evaluation.golden import GoldenQuestion, read_golden
from qa.evaluation.network_cache import NetworkCache, reader_identity
from qa.publishing import report as reports
from qa.publishing.board import board_of
from qa.publishing.inputs import Order, RefreshInputs
from qa.publishing.progress import Progress, Show
from qa.publishing.refresh.building import CACHES
from qa.publishing.refresh.running import refresh
from qa.publishing.report import Report
from qa.publishing.serving import objects_of, shared_folder_of, store_of
from qa.publishing.shared.work import SharedWork
from qa.runtime.settings import Settings
from qa.storage import runtime_settings
from qa.storage.database import database_of, open_database
from qa.storage.disk_errors import disk_in_words
from qa.storage.reviewed_answers import ONCE, ReviewedAnswers
from qa.storage.shared.jobs import Jobs


def inputs_of(settings: Settings, embedder: Callable[[], Embedder]) -> RefreshInputs:
    """Return the inputs of a refresh; its gate asks at the threshold that applies to citizens."""
    golden, asked = golden_of(settings), _asked(settings)

    def gate() -> Gate:
        limits = GateLimits(
            tolerance=settings.golden_tolerance, answered=settings.golden_answered, refused=settings.golden_refused
        )
        memory = readings_of(settings)
        synonyms = Synonyms.read()
        switched = runtime_settings.current(database_of(settings))
        opened = open_reader(settings, lambda: memory.embedder(embedder()), around=memory.around)
        reader = AtThreshold(opened, lambda: switched.threshold)
        reviewed = ReviewedAnswers(database_of(settings), embedder(), synonyms, seconds=ONCE)
        return Gate(golden, reader, synonyms, limits, memory, reviewed, switched, asked)

    return RefreshInputs(
        folder=settings.documents,
        home=settings.home,
        store=store_of(settings),
        model=model_of(settings, embedder),
        embedder=embedder,
        gate=gate if golden or asked else None,
        golden=golden,
        limits=Limits(megabytes=settings.max_file_mb),
        keep=settings.keep,
        key_file=settings.key_file,
        database=database_of(settings),
        look_first=settings.look_first,
        work=work_of(settings),
    )


def readings_of(settings: Settings, *, keeps: bool = True) -> NetworkCache:
    """Return what refreshes remember of the networks. Only they keep more, because one process may write at a time."""
    return NetworkCache(settings.home / CACHES / "readings.cache", identity=reader_identity(), keeps=keeps)


def work_of(settings: Settings) -> SharedWork | None:
    """Return how a refresh shares its work with workers; None without a PostgreSQL."""
    if not settings.database_url:
        return None
    return SharedWork(Jobs(settings.database_url), objects_of(settings) if settings.share_documents else None)


def _asked(settings: Settings) -> list[str]:
    """Return the questions of citizens that a refresh asks again; none without a log."""
    where = database_of(settings)
    if not settings.asked_again or (isinstance(where, Path) and not where.exists()):
        return []
    with closing(open_database(where)) as database:
        return asked_lately(database, datetime.now(UTC), most=settings.asked_again)


def model_of(settings: Settings, embedder: Callable[[], Embedder]) -> str:
    """Return the name of the embedding model; the bundled one need not be loaded for it."""
    return bundled_model.embedder_name() if settings.embedding_model == bundled_model.NAME else embedder().name


def golden_of(settings: Settings) -> list[GoldenQuestion]:
    """Return the golden questions; empty without a file beside the documents, but a file named by staff must exist."""
    beside = settings.documents.parent / "golden.jsonl"
    return read_golden(settings.golden) if settings.golden.is_file() or settings.golden != beside else []


def run_refresh(settings: Settings, order: Order, show: Show, *, embedder: Callable[[], Embedder]) -> Report:
    """Refresh, report progress to `show`, store the report. Raises what `refresh` raises, and `DiskRefused`."""
    with disk_in_words():
        board = board_of(settings)
        progress = Progress(board, who=order.who, pid=os.getpid(), show=show)
        if (shared := shared_folder_of(settings)) is not None:
            shared.exchange(who=order.who)
        before = _published(settings)
        report = refresh(inputs_of(settings, embedder), order, progress)
        reports.keep(board, report, who=order.who, before=before)
        return report


def _published(settings: Settings) -> str | None:
    try:
        return store_of(settings).published()
    except SnapshotDamaged:
        return None
