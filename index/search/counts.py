"""How often each term stands in each passage, as columns of numbers; columns of changed passages are exchanged."""

import hashlib
from array import array
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from index.files.mapping import is_mapped
from index.search.terms import terms

Rows = npt.NDArray[np.int64]
_BLOCK = 65_536  # passages counted at once
_MOST = np.iinfo(np.uint16).max  # a score hardly rises with more


class Counts(NamedTuple):
    """The entries of term i are those from starts[i] to starts[i + 1], by rows."""

    terms: npt.NDArray[np.uint64]  # (terms,): their hashes, ascending
    starts: Rows  # (terms + 1,)
    rows: npt.NDArray[np.int32]  # (entries,): the passages that the term stands in
    times: npt.NDArray[np.uint16]  # (entries,): how often it stands there
    lengths: npt.NDArray[np.int32]  # (passages,): the number of all terms


def hash_of(term: str) -> int:
    """Return 64 bits of a term; among a million terms, the chance that any two have the same is 1 to 37 million."""
    digest = hashlib.blake2b(term.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "little")


def count(texts: Iterable[str]) -> Counts:
    """Count the terms of texts, one a row."""
    numbers: dict[str, int] = {}
    lengths = array("i")
    blocks: list[tuple[Rows, Rows, Rows]] = []
    found = array("q")
    for text in texts:
        own = terms(text)
        found.extend([numbers.setdefault(term, len(numbers)) for term in own])
        lengths.append(len(own))
        if len(lengths) % _BLOCK == 0:
            blocks.append(_block(found, lengths))
            found = array("q")
    blocks.append(_block(found, lengths))
    hashes = np.fromiter(map(hash_of, numbers), dtype=np.uint64, count=len(numbers))
    known, places = np.unique(hashes, return_inverse=True)
    owners, rows, times = (np.concatenate(column) for column in zip(*blocks, strict=True))
    return _columns(known, places[owners], rows, times, np.asarray(lengths, dtype=np.int32))


def _block(found: "array[int]", lengths: "array[int]") -> tuple[Rows, Rows, Rows]:
    """Return (term, row, times) of the last rows, whose terms are `found`."""
    last = len(lengths) % _BLOCK or min(len(lengths), _BLOCK)
    begin = len(lengths) - last
    rows = np.repeat(np.arange(last, dtype=np.int64), np.asarray(lengths[begin:], dtype=np.int64))
    packed, times = np.unique(np.asarray(found, dtype=np.int64) << 32 | rows, return_counts=True)
    return packed >> 32, (packed & 0xFFFFFFFF) + begin, times.astype(np.int64)


def _columns(
    known: npt.NDArray[np.uint64], owners: Rows, rows: Rows, times: Rows, lengths: npt.NDArray[np.int32]
) -> Counts:
    order = np.argsort(owners, kind="stable")  # rows ascend in each block, and from block to block
    starts = _sums(np.bincount(owners, minlength=len(known)))
    kept = np.minimum(times, _MOST).astype(np.uint16)
    return Counts(known, starts, rows[order].astype(np.int32), kept[order], lengths)


def joined(before: Counts, kept: Rows, fresh: Counts) -> Counts:
    """Return the counts of new passages: row i is `kept[i]` of `before`, or where that is -1 the next row of `fresh`.

    Equal to counting them all. Raises `ValueError` if kept rows do not ascend.
    """
    old = kept[kept >= 0]
    if (np.diff(old) <= 0).any():
        raise ValueError("Kept rows that do not ascend")
    lengths = np.empty(len(kept), dtype=np.int32)
    lengths[kept >= 0], lengths[kept < 0] = before.lengths[old], fresh.lengths
    moved = np.full(len(before.lengths), -1, dtype=np.int32)
    moved[old] = np.flatnonzero(kept >= 0)
    rows = moved[before.rows]
    gone = np.flatnonzero(rows < 0)

    places = np.searchsorted(before.terms, fresh.terms)
    is_new = np.append(before.terms, np.uint64(0))[places] != fresh.terms
    is_new |= places == len(before.terms)
    sizes = np.diff(before.starts)
    sizes -= np.bincount(np.searchsorted(before.starts, gone, side="right") - 1, minlength=len(sizes))
    added = np.diff(fresh.starts)
    sizes[places[~is_new]] += added[~is_new]
    sizes = np.insert(sizes, places[is_new], added[is_new])
    known = np.insert(before.terms, places[is_new], fresh.terms[is_new])

    new_rows = np.flatnonzero(kept < 0)[fresh.rows].astype(np.int32)
    # The row of `before` that a new row precedes.
    following = np.append(old, len(before.lengths))[np.searchsorted(moved[old], new_rows)]
    at = _first_from(before, np.repeat(places, added), np.repeat(~is_new, added), following)
    stay = np.ones(len(rows) + len(new_rows), dtype=np.bool_)
    stay[gone + np.searchsorted(at, gone, side="right")] = False
    return Counts(
        known[sizes > 0],
        _sums(sizes[sizes > 0]),
        np.insert(rows, at, new_rows)[stay],
        np.insert(before.times, at, fresh.times)[stay],
        lengths,
    )


def _first_from(counts: Counts, places: Rows, known: npt.NDArray[np.bool_], rows: Rows) -> Rows:
    """Return for each term's place the first of its entries at `rows` or later: a binary search of all at once."""
    low = counts.starts[places]
    high = np.where(known, counts.starts[np.minimum(places + 1, len(counts.terms))], low)
    while (open_ := low < high).any():
        middle = (low + high) // 2
        before = open_ & (counts.rows[np.minimum(middle, len(counts.rows) - 1)] < rows)
        low, high = np.where(before, middle + 1, low), np.where(open_ & ~before, middle, high)
    return low


def _sums(sizes: Rows) -> Rows:
    return np.concatenate([[0], np.cumsum(sizes, dtype=np.int64)]).astype(np.int64)


def save(counts: Counts, folder: Path) -> None:
    for name, column in counts._asdict().items():
        np.save(folder / f"{name}.npy", column, allow_pickle=False)


def load(folder: Path) -> Counts:
    """Read what `save` wrote. Raises `ValueError` or `OSError` for anything else."""
    paths = [folder / f"{name}.npy" for name in Counts._fields]
    counts = Counts(*(np.load(path, allow_pickle=False, mmap_mode="r" if is_mapped(path) else None) for path in paths))
    _check(counts)
    return counts


def _check(counts: Counts) -> None:
    sizes: Sequence[int] = [len(counts.terms), len(counts.starts) - 1, len(counts.rows), len(counts.times)]
    if sizes[0] != sizes[1] or sizes[2] != sizes[3] or any(column.ndim != 1 for column in counts):
        raise ValueError("Columns of different lengths")
    starts, rows = counts.starts, counts.rows
    if starts[0] != 0 or starts[-1] != len(rows) or (np.diff(starts) < 0).any():
        raise ValueError("Entries that belong to no term")
    if len(rows) and not 0 <= int(rows.min()) <= int(rows.max()) < len(counts.lengths):
        raise ValueError("An entry of no passage")
