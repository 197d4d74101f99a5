"""Joins passages of an index and newly split ones into the passages of the next index, without making any of them."""

from collections.abc import Sequence

import numpy as np

from corpus.document import Document
from index.passages import Columns, Numbers, Passages, Rows


def joined(
    documents: Sequence[Document], parts: Sequence[Passages], places: Sequence[tuple[int, int]]
) -> tuple[Passages, Rows]:
    """Return passages of these documents taken from `parts`, and for each its row in all parts one after another.

    `places` holds (part, number of the document in it) of each document. Equal to `Passages.of` the same passages.
    """
    firsts = _sums([len(part) for part in parts])
    bounds = [np.searchsorted(part.columns.documents, np.arange(len(part.documents) + 1)) for part in parts]
    begins = np.array([firsts[part] + bounds[part][number] for part, number in places], dtype=np.int64)
    ends = np.array([firsts[part] + bounds[part][number + 1] for part, number in places], dtype=np.int64)
    rows = _ranges(begins, ends - begins)
    every = [part.columns for part in parts]
    counts = np.concatenate([np.diff(one.starts) for one in every])
    chosen = _ranges(_sums(counts)[rows], counts[rows])
    headings, above = _headings(parts, rows)
    columns = Columns(
        documents=np.repeat(np.arange(len(places), dtype=np.int32), ends - begins),
        spans=np.concatenate([one.spans for one in every])[rows],
        headings=above,
        starts=_sums(counts[rows]),
        sentences=np.concatenate([one.sentences for one in every])[chosen],
        pairs=_pairs([one.pairs for one in every], firsts, rows),
    )
    return Passages(documents, headings, columns), rows


def _headings(parts: Sequence[Passages], rows: Rows) -> tuple[list[tuple[str, ...]], Numbers]:
    """Return the headings above those rows, numbered by their first use, and the number of each row."""
    numbers: dict[tuple[str, ...], int] = {}
    tables = (
        np.array([numbers.setdefault(above, len(numbers)) for above in part.headings], dtype=np.int32) for part in parts
    )
    own = [table[part.columns.headings] for table, part in zip(tables, parts, strict=True)]
    used, first, places = np.unique(np.concatenate(own)[rows], return_index=True, return_inverse=True)
    order = np.argsort(first)
    known = list(numbers)
    return [known[number] for number in used[order]], np.argsort(order)[places].astype(np.int32)


def _pairs(parts: Sequence[Numbers], firsts: Rows, rows: Rows) -> Numbers:
    """Return the FAQ pairs of those rows, under the rows' new numbers."""
    new = np.full(int(firsts[-1]), -1, dtype=np.int64)
    new[rows] = np.arange(len(rows))
    shift = np.repeat(firsts[:-1], [len(part) for part in parts])
    pairs = np.concatenate(parts).astype(np.int64)
    pairs[:, 0] = new[pairs[:, 0] + shift]
    pairs = pairs[pairs[:, 0] >= 0]
    return pairs[np.argsort(pairs[:, 0], kind="stable")].astype(np.int32)


def _ranges(begins: Rows, sizes: Rows) -> Rows:
    """Return the numbers of ranges one after another."""
    return np.repeat(begins - _sums(sizes)[:-1], sizes) + np.arange(int(sizes.sum()), dtype=np.int64)


def _sums(sizes: Sequence[int] | Rows) -> Rows:
    return np.concatenate([[0], np.cumsum(sizes, dtype=np.int64)]).astype(np.int64)
