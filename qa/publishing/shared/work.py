"""Converting and embedding shared with workers on other machines, as long as there are any.

The refresh posts jobs, works on them itself, and takes over the results. Without workers, and while the database is
away, it does all of it alone.
"""

import logging
import time
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import islice
from types import TracebackType
from typing import Self
from uuid import uuid4

from corpus.conversion.container import Converted
from corpus.conversion.converter import Converter, Converting
from corpus.document import Document
from corpus.files.scan import File
from corpus.limits import Limits
from index.embedding.base import Embedder, Vectors
from index.files.objects import Objects
from index.snapshots.errors import StoreUnreachable
from index.snapshots.snapshot import encoded_here
from qa.publishing.shared.tasks import (
    Conversion,
    convert_kind,
    convert_task,
    converted,
    embed,
    embed_kind,
    packed,
    problem_of,
    unpacked,
    vectors,
)
from qa.storage.shared.jobs import Jobs, Work

logger = logging.getLogger(__name__)

_MOST_OPEN = 64  # jobs posted before their results are taken over
_PAUSE = 0.1  # seconds between two looks for results of others


def alone(limits: Limits, files: Sequence[File]) -> Converting:
    """Convert in this process, without anybody's help."""
    return Converter(limits)


class SharedWork:
    """See `corpus.read.read` for `converter` and `index.snapshots.snapshot.build` for `encoded`."""

    def __init__(self, jobs: Jobs, objects: Objects | None) -> None:
        """With `objects`, which hold the files that machines share, workers convert, too."""
        self._jobs = jobs
        self._objects = objects

    def converter(self, limits: Limits, files: Sequence[File]) -> Converting:
        if self._objects is None or len(files) < 2 or not self._is_helped():
            return Converter(limits)
        return _SharedConverter(self, self._objects, limits, files)

    def encoded(self, embedder: Embedder, batches: Sequence[Sequence[str]]) -> Iterator[Mapping[str, Vectors]]:
        left = dict(enumerate(batches))
        if len(batches) > 1 and self._is_helped():
            tasks = (packed(list(batch)) for batch in batches)
            for place, result in self.results(embed_kind(embedder.name), tasks, lambda task: embed(embedder, task)):
                batch = left.pop(place)
                yield dict(zip(batch, vectors(result, len(batch)), strict=True))
        yield from encoded_here(embedder, list(left.values()))

    def results(self, kind: str, tasks: Iterator[bytes], work: Work) -> Generator[tuple[int, bytes]]:
        """Yield the result of each task with its place among them, as they come; fewer if the database goes away."""
        batch, places, posted = uuid4().hex, dict[int, int](), 0
        try:
            self._jobs.clear()  # of refreshes that broke off: there is one at a time
            while True:
                news = list(islice(tasks, _MOST_OPEN - len(places)))
                for number in self._jobs.post(batch, kind, news):
                    places[number], posted = posted, posted + 1
                if not places:
                    return
                found = self._jobs.collect(batch)
                for number, result in found:
                    yield places.pop(number), result
                if not found and not self._jobs.do_one({kind: work}, batch=batch):
                    time.sleep(_PAUSE)
        except StoreUnreachable as error:
            logger.error("Workers cannot help any more: %s", error)
        finally:
            with suppress(StoreUnreachable):
                self._jobs.clear(batch)

    def _is_helped(self) -> bool:
        try:
            return self._jobs.workers() > 0
        except StoreUnreachable:
            return False


class _SharedConverter:
    """Takes over what was converted elsewhere; converts what was not."""

    def __init__(self, work: SharedWork, objects: Objects, limits: Limits, files: Sequence[File]) -> None:
        self._own = Converter(limits)
        self._conversion = Conversion(objects)
        self._found: dict[str, bytes] = {}
        self._names = [file.name for file in files]
        tasks = (convert_task(file, limits) for file in files)
        self._results = work.results(convert_kind(), tasks, self._conversion)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._results.close()
        self._conversion.close()
        self._own.__exit__(kind, error, trace)

    def convert(self, file: File) -> Document:
        found = self._of(file)
        if found is None:
            return self._own.convert(file)
        (one,) = found
        if one.problem:
            raise one.problem
        assert one.document
        return one.document

    def open(self, file: File) -> list[Converted]:
        found = self._of(file)
        return self._own.open(file) if found is None else found

    def _of(self, file: File) -> list[Converted] | None:
        """Return what was found in a file elsewhere; None if it is to be converted here."""
        while file.name not in self._found:
            place, result = next(self._results, (-1, b""))
            if place < 0:
                return None
            self._found[self._names[place]] = result
        content = unpacked(self._found.pop(file.name))
        if content is None:
            return None
        if "problem" in content:
            raise problem_of(content["problem"])
        return [converted(entry) for entry in content["found"]]
