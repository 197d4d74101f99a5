"""The reader as the settings name it; models that a server has open, or that are opened when first asked for."""

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.embedding.base import Embedder
from qa.answering.reader.base import AtThreshold, Reader
from qa.evaluation.network_cache import recalled
from qa.runtime.settings import Settings
from qa.storage import runtime_settings
from qa.storage.database import database_of

if TYPE_CHECKING:
    from index.embedding.running import Run


@dataclass(frozen=True, slots=True)
class Models:
    """Functions that open the embedder and the reader, once each."""

    embedder: Callable[[], Embedder]
    reader: Callable[[], Reader]


def lazily(settings: Settings) -> Models:
    """Return models that are loaded from the settings on first use; each takes seconds."""

    @functools.cache
    def embedder() -> Embedder:
        from index.embedding.sentence_transformer import open_embedder

        return open_embedder(settings.embedding_model, settings.home)

    @functools.cache
    def reader() -> Reader:
        switched = runtime_settings.current(database_of(settings)).threshold
        return AtThreshold(open_reader(settings, embedder, around=recalled), lambda: switched)

    return Models(embedder, reader)


def open_reader(
    settings: Settings, embedder: Callable[[], Embedder], *, around: "Callable[[Run], Run]" = lambda run: run
) -> Reader:
    """Return the reader that the settings name, at the threshold of the environment, or else at its own.

    `around` may put something in front of the network; `AtThreshold` makes the reader follow what staff switch.
    Raises `WeightsError`.
    """
    opened: Reader
    if settings.reader == "similarity":
        from qa.answering.reader.similarity import SimilarityReader

        opened = SimilarityReader(embedder())
    else:
        from index.embedding import bundled_model
        from qa.answering.reader import opening

        # It was trained on the bundled encoder, whichever model embeds.
        opened = opening.open_reader(bundled_model.unpack(settings.home), settings.home, around=around)
    return opened if settings.threshold is None else opened.at(settings.threshold)
