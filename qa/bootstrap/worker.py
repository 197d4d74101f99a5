"""A worker: converts and embeds for refreshes on any machine."""

import logging
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack, closing

from index.embedding.base import Embedder
from index.snapshots.errors import StoreUnreachable
from qa.bootstrap.refreshing import model_of
from qa.publishing.serving import objects_of
from qa.publishing.shared.tasks import Conversion, convert_kind, embed, embed_kind
from qa.runtime.settings import Settings, SettingsError
from qa.storage.shared.jobs import Jobs, Work

logger = logging.getLogger(__name__)

IDLE_SECONDS = 0.5
AWAY_SECONDS = 2.0


def work(settings: Settings, embedder: Callable[[], Embedder]) -> None:
    """Do jobs until a signal ends it; it goes on when the database was away. Raises `SettingsError`, `ObjectsUnfit`."""
    if not settings.database_url:
        raise SettingsError("A worker needs QA_DATABASE_URL, where refreshes leave their jobs; see docs/operations.md")
    jobs = Jobs(settings.database_url)
    kinds: dict[str, Work] = {embed_kind(model_of(settings, embedder)): lambda task: embed(embedder(), task)}
    with ExitStack() as stack:
        if settings.share_documents:  # otherwise it has no files to convert
            kinds[convert_kind()] = stack.enter_context(closing(Conversion(objects_of(settings))))
        while True:
            try:
                _do_all(jobs, kinds)
            except StoreUnreachable as error:
                logger.error("No jobs can be asked for: %s", error)
                time.sleep(AWAY_SECONDS)


def _do_all(jobs: Jobs, kinds: Mapping[str, Work]) -> None:
    """Do jobs until the database is away."""
    with jobs.working():
        while True:
            if not jobs.do_one(kinds):
                time.sleep(IDLE_SECONDS)
