"""Converting and embedding shared with workers on other machines, as long as there are any.

The refresh posts jobs, works on them itself, and takes over the results. Without workers, and while the database is
away, it does all of it alone.
"""

import json
import logging
import tempfile
import time
import zlib
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict
from itertools import islice
from pathlib import Path, PurePosixPath
from types import TracebackType
from typing import Any, Self
from uuid import uuid4

import numpy as np

from corpus import document_json
from corpus.conversion.container import Converted, is_container, origin
from corpus.conversion.converter import Converter, Converting
from corpus.document import Document
from corpus.errors import Failed, FileProblem, Quarantined
from corpus.files.scan import File, contents, file_hash, side_file
from corpus.limits import Limits
from index.embedding.base import Embedder, Vectors
from index.files.objects import Objects, ObjectsUnreachable
from index.snapshots.errors import StoreUnreachable
from index.snapshots.snapshot import encoded_here
from qa.publishing.shared.contents import hash_of, object_name
from qa.storage.shared.jobs import Jobs, Work

logger = logging.getLogger(__name__)

_MOST_OPEN = 64  # jobs posted before their results are taken over
_PAUSE = 0.1  # seconds between two looks for results of others
_KINDS: Mapping[str, type[FileProblem]] = {"quarantined": Quarantined, "failed": Failed}


class ContentMissing(Exception):
    """The content of a file is not among what is shared, or not as it was stored."""


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
            tasks = (_packed(list(batch)) for batch in batches)
            for place, result in self.results(embed_kind(embedder.name), tasks, lambda task: embed(embedder, task)):
                batch = left.pop(place)
                yield dict(zip(batch, _vectors(result, len(batch)), strict=True))
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
        tasks = (_convert_task(file, limits) for file in files)
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
        content = json.loads(zlib.decompress(self._found.pop(file.name)))
        if content is None:
            return None
        if "problem" in content:
            raise _problem(content["problem"])
        return [_converted(entry) for entry in content["found"]]


def convert_kind() -> str:
    """Return the kind of the jobs that convert: other loaders are asked for by another."""
    return f"convert {origin('')[:16]}"


def embed_kind(model: str) -> str:
    """Return the kind of the jobs that embed with a model."""
    return f"embed {model}"


def embed(embedder: Embedder, task: bytes) -> bytes:
    """Do a job that embeds."""
    return embedder.encode_passages(_unpacked(task)).astype("<f4").tobytes()


class Conversion:
    """Does jobs that convert, one after another in the same process aside; call `close` at the end."""

    def __init__(self, objects: Objects) -> None:
        self._objects = objects
        self._converter: Converter | None = None
        self._limits = Limits()

    def __call__(self, task: bytes) -> bytes:
        """Return what is in a file, or why it is not read, or nothing if its content is not among the shared ones."""
        asked = _unpacked(task)
        try:
            content, side = (_content(self._objects, sha256) for sha256 in (asked["content"], asked["side"]))
        except (ContentMissing, ObjectsUnreachable) as error:
            logger.error("%s is not converted here: %s", asked["name"], error)
            return _packed(None)
        converter = self._with(Limits(**asked["limits"]))
        with tempfile.TemporaryDirectory(prefix="qa-worker-") as folder:
            path = Path(folder) / f"file{PurePosixPath(asked['name']).suffix}"
            path.write_bytes(content)
            if side:
                side_file(path).write_bytes(side)
            file = File(asked["name"], path, file_hash(content, side), len(content))
            try:
                return _packed({"found": [_entry(one) for one in opened(converter, file)]})
            except FileProblem as problem:
                return _packed({"problem": _told(problem)})

    def close(self) -> None:
        if self._converter:
            self._converter.__exit__(None, None, None)
        self._converter = None

    def _with(self, limits: Limits) -> Converter:
        if self._converter is None or limits != self._limits:
            self.close()
            self._converter, self._limits = Converter(limits), limits
        return self._converter


def opened(converter: Converting, file: File) -> list[Converted]:
    """Read a file, or all files within it. Raises `FileProblem`."""
    return converter.open(file) if is_container(file.name) else [Converted(file.name, converter.convert(file))]


def _convert_task(file: File, limits: Limits) -> bytes:
    try:
        content, side = contents(file.path, limits=limits)
    except OSError:  # said by who converts it here
        content, side = b"", b""
    hashes = {"content": hash_of(content), "side": hash_of(side) if side else ""}
    return _packed({"name": file.name, **hashes, "limits": asdict(limits)})


def _content(objects: Objects, sha256: str) -> bytes:
    if not sha256:
        return b""
    try:
        content = b"".join(objects.get(object_name(sha256)))
    except FileNotFoundError as error:
        raise ContentMissing(sha256) from error
    if hash_of(content) != sha256:
        raise ContentMissing(sha256)
    return content


def _entry(one: Converted) -> dict[str, Any]:
    document = document_json.as_json(one.document) if one.document else None
    return {"name": one.name, "document": document, "problem": _told(one.problem) if one.problem else None}


def _converted(entry: Mapping[str, Any]) -> Converted:
    document = document_json.from_json(entry["document"]) if entry["document"] else None
    return Converted(entry["name"], document, _problem(entry["problem"]) if entry["problem"] else None)


def _told(problem: FileProblem) -> list[Any]:
    kind = "quarantined" if isinstance(problem, Quarantined) else "failed"
    return [kind, str(problem), problem.again]


def _problem(told: Sequence[Any]) -> FileProblem:
    kind, message, again = told
    return _KINDS[kind](message, again=again)


def _packed(value: Any) -> bytes:
    return zlib.compress(json.dumps(value).encode(), 1)


def _unpacked(content: bytes) -> Any:
    return json.loads(zlib.decompress(content))


def _vectors(result: bytes, rows: int) -> Vectors:
    return np.frombuffer(result, dtype="<f4").reshape(rows, -1)
