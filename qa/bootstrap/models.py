"""The models that staff's tests need: those a server has open, or else opened on first use."""

import functools
from collections.abc import Callable
from dataclasses import dataclass

from index.embedding.base import Embedder
from qa.answering.reader.base import Reader
from qa.runtime.settings import Settings
from qa.storage import runtime_settings


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
        opened: Reader
        if settings.reader == "similarity":
            from qa.answering.reader.similarity import SimilarityReader

            opened = SimilarityReader(embedder())
        else:
            from index.embedding import bundled_model
            from qa.answering.reader.extractive import open_reader

            opened = open_reader(bundled_model.unpack(settings.home), settings.home)
        switched = runtime_settings.current(settings.home).threshold
        threshold = settings.threshold if switched is None else switched
        return opened if threshold is None else opened.at(threshold)

    return Models(embedder, reader)
