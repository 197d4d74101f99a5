"""Passages held as columns of numbers: a million of them take 100 MB, where objects would take over a gigabyte."""

import json
from array import array
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple, overload

import numpy as np
import numpy.typing as npt

from corpus.document import Document, Passage, QuestionAnswer, Span
from corpus.text.articles import Number, article_of

_HEADINGS = "headings.json"

Rows = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.int32]


class Columns(NamedTuple):
    """What is known of each passage; spans are pairs of offsets into its document's text."""

    documents: Numbers  # (passages,): the place of its document
    spans: Numbers  # (passages, 2)
    headings: Numbers  # (passages,): the place in the table of headings
    starts: Rows  # (passages + 1,): the sentences of passage i are those from starts[i] to starts[i + 1]
    sentences: Numbers  # (sentences, 2)
    pairs: Numbers  # (pairs, 5): the passage's row, then the spans of its FAQ question and answer


class Passages(Sequence[Passage]):
    """The passages of a snapshot by row. Each is made when it is asked for: equal ones need not be the same."""

    def __init__(self, documents: Sequence[Document], headings: Sequence[tuple[str, ...]], columns: Columns) -> None:
        """Raises `ValueError` if a number lies outside of what it counts."""
        self.documents = tuple(documents)
        self.headings = tuple(headings)
        self.columns = columns
        self._check()
        self._pairs = {int(pair[0]): pair[1:].tolist() for pair in columns.pairs}
        self._numbers = {document.name: number for number, document in enumerate(self.documents)}
        self._articles: dict[Number, list[int]] | None = None

    @classmethod
    def of(cls, documents: Sequence[Document], passages: Iterable[Passage]) -> "Passages":
        """Return passages of these documents as columns; they are taken one by one and not kept."""
        numbers = {document.name: number for number, document in enumerate(documents)}
        headings: dict[tuple[str, ...], int] = {}
        owners, spans, above, sentences, pairs = (array("i") for _ in range(5))
        starts = array("q", [0])
        for row, passage in enumerate(passages):
            owners.append(numbers[passage.document.name])
            spans.extend((passage.span.start, passage.span.end))
            above.append(headings.setdefault(passage.headings, len(headings)))
            for sentence in passage.sentences:
                sentences.extend((sentence.start, sentence.end))
            starts.append(len(sentences) // 2)
            if pair := passage.pair:
                pairs.extend((row, pair.question.start, pair.question.end, pair.answer.start, pair.answer.end))
        return cls(
            documents,
            tuple(headings),
            Columns(
                np.asarray(owners, dtype=np.int32),
                np.asarray(spans, dtype=np.int32).reshape(-1, 2),
                np.asarray(above, dtype=np.int32),
                np.asarray(starts, dtype=np.int64),
                np.asarray(sentences, dtype=np.int32).reshape(-1, 2),
                np.asarray(pairs, dtype=np.int32).reshape(-1, 5),
            ),
        )

    @classmethod
    def load(cls, folder: Path, documents: Sequence[Document]) -> "Passages":
        """Read what `save` wrote. Raises `ValueError` or `OSError` for anything else."""
        headings = json.loads((folder / _HEADINGS).read_text(encoding="utf-8"))
        columns = (np.load(folder / f"{name}.npy", allow_pickle=False) for name in Columns._fields)
        return cls(documents, [tuple(map(str, above)) for above in headings], Columns(*columns))

    def save(self, folder: Path) -> None:
        (folder / _HEADINGS).write_text(json.dumps(self.headings, ensure_ascii=False), encoding="utf-8")
        for name, column in self.columns._asdict().items():
            np.save(folder / f"{name}.npy", column, allow_pickle=False)

    def __len__(self) -> int:
        return len(self.columns.documents)

    @overload
    def __getitem__(self, row: int) -> Passage: ...
    @overload
    def __getitem__(self, row: slice) -> tuple[Passage, ...]: ...
    def __getitem__(self, row: int | slice) -> Passage | tuple[Passage, ...]:
        if isinstance(row, slice):
            return tuple(self[place] for place in range(*row.indices(len(self))))
        row = range(len(self))[row]
        columns = self.columns
        spans = columns.sentences[columns.starts[row] : columns.starts[row + 1]]
        pair = self._pairs.get(row)
        return Passage(
            self.document(row),
            Span(*columns.spans[row].tolist()),
            self.headings[columns.headings[row]],
            tuple(Span(start, end) for start, end in spans.tolist()),
            QuestionAnswer(Span(*pair[:2]), Span(*pair[2:])) if pair else None,
        )

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Passages) and tuple(self) == tuple(other)

    __hash__ = None  # type: ignore[assignment]  # as for a list: too much to be a key

    def document(self, row: int) -> Document:
        """Return the document of a passage, without making the passage."""
        return self.documents[int(self.columns.documents[row])]

    def of_document(self, name: str) -> tuple[Passage, ...]:
        """Return the passages of a document in their order; empty if there is none of that name."""
        return tuple(map(self.__getitem__, self.rows_of([name])))

    def counts(self) -> dict[str, int]:
        """Return how many passages each document has, by name."""
        counted = np.bincount(self.columns.documents, minlength=len(self.documents)).tolist()
        return {document.name: count for document, count in zip(self.documents, counted, strict=True)}

    def article_rows(self, number: Number, names: Iterable[str]) -> Rows:
        """Return the rows of the passages below a heading of that article, in the documents of these names."""
        if self._articles is None:  # made once, because there are as many headings as articles
            self._articles = {}
            for place, above in enumerate(self.headings):
                for article in set(filter(None, map(article_of, above))):
                    self._articles.setdefault(article, []).append(place)
        rows = np.array(self.rows_of(names), dtype=np.int64)
        return rows[np.isin(self.columns.headings[rows], self._articles.get(number, []))]

    def rows_of(self, names: Iterable[str]) -> list[int]:
        """Return the rows of the passages of documents, in the order of the rows."""
        numbers = np.array(sorted(self._numbers[name] for name in names if name in self._numbers), dtype=np.int32)
        begins, ends = (np.searchsorted(self.columns.documents, numbers, side=side) for side in ("left", "right"))
        return [row for begin, end in zip(begins, ends, strict=True) for row in range(begin, end)]

    def _check(self) -> None:
        columns, count = self.columns, len(self)
        shapes = [(count,), (count, 2), (count,), (count + 1,), (len(columns.sentences), 2), (len(columns.pairs), 5)]
        if [column.shape for column in columns] != shapes:
            raise ValueError("Columns of different lengths")
        ends = np.array([len(document.text) for document in self.documents], dtype=np.int64)
        _in_range(columns.documents, len(self.documents))
        _in_range(columns.headings, len(self.headings))
        _in_range(columns.pairs[:, 0], count)
        if (np.diff(columns.documents) < 0).any():
            raise ValueError("Passages that do not follow the order of their documents")
        if count and (columns.spans[:, 1] > ends[columns.documents]).any():
            raise ValueError("A passage lies outside of its document")
        for spans in (columns.spans, columns.sentences, columns.pairs[:, 1:3], columns.pairs[:, 3:]):
            if (spans < 0).any() or (spans[:, 0] > spans[:, 1]).any():
                raise ValueError("A span that is none")
        starts = columns.starts
        if starts[0] != 0 or starts[-1] != len(columns.sentences) or (np.diff(starts) < 0).any():
            raise ValueError("Sentences that belong to no passage")


def _in_range(numbers: Numbers, count: int) -> None:
    if ((numbers < 0) | (numbers >= count)).any():
        raise ValueError("A number lies outside of what it counts")
