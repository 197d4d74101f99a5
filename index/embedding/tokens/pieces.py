"""A Unigram vocabulary as a trie in a file that is mapped: the library `tokenizers` holds 290 MB for the same pieces.

See docs/decisions/vocabulary-trie.md.
"""

import json
import os
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

# Part of the folder's name: when its files change, a new folder is made and an earlier program keeps its own.
_FORMAT = 1
_SOURCE = "tokenizer.json"
NODES, SETTINGS = "nodes.npy", "settings.json"
# Unigram's score of a character that no piece covers, below the score of the rarest piece.
_UNKNOWN_PENALTY = 10.0

# A node is the text from the root to it. Nodes stand level by level, those below one node together and by character:
# those below node `n` are `first[n]` to `first[n + 1]`. A node that is no piece has the score minus infinity. The root
# stands for what no piece covers.
NODE = np.dtype([("score", "<f8"), ("character", "<u4"), ("first", "<u4"), ("piece", "<i4")], align=True)
Nodes = npt.NDArray[np.void]


def stored_pieces(folder: Path) -> Path:
    """Return the folder of the trie of the tokenizer in `folder`, made on first use: `open_nodes` and `SETTINGS`.

    It appears whole or not at all.
    """
    target = _target(folder)
    if target.is_dir():
        return target
    content = json.loads((folder / _SOURCE).read_text(encoding="utf-8"))
    model = content["model"]
    aside = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=folder))
    try:
        _write(aside / NODES, build([(piece, score) for piece, score in model["vocab"]], unknown=model["unk_id"]))
        _write(aside / SETTINGS, _without_vocabulary(content))
        try:
            aside.rename(target)
        except OSError:
            if not target.is_dir():  # else another process made the same meanwhile
                raise
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return target


def remove_pieces(folder: Path) -> None:
    """Remove the trie stored beside the tokenizer in `folder`."""
    shutil.rmtree(_target(folder), ignore_errors=True)


def open_nodes(folder: Path) -> Nodes:
    """Map the nodes stored in `folder`."""
    nodes: Nodes = np.load(folder / NODES, mmap_mode="r")
    return nodes


def _target(folder: Path) -> Path:
    return folder / f"pieces-{_FORMAT}"


def build(pieces: Sequence[tuple[str, float]], *, unknown: int) -> Nodes:
    """Return the trie of pieces and their log probabilities; the number of a piece is its place."""
    texts = np.array([text for text, _ in pieces])
    lengths, scores = np.array([len(text) for text, _ in pieces]), np.array([score for _, score in pieces])
    order = np.argsort(texts, kind="stable")
    lengths = lengths[order]
    characters = texts[order].view(np.uint32).reshape(len(texts), -1)
    places = np.arange(characters.shape[1])
    # Of each piece, what it does not share with the piece before becomes nodes.
    shared = np.zeros(len(texts), dtype=np.int64)
    shared[1:] = np.logical_and.accumulate(characters[1:] == characters[:-1], axis=1).sum(axis=1)
    rows, depths = np.nonzero((places >= shared[:, None]) & (places < lengths[:, None]))
    by_level = np.lexsort((rows, depths))
    rows, depths = rows[by_level], depths[by_level]
    numbers = np.zeros(characters.shape, dtype=np.int64)
    numbers[rows, depths] = np.arange(1, len(rows) + 1)
    numbers = np.maximum.accumulate(numbers, axis=0)  # of each piece, the node at each of its characters
    above = np.where(depths > 0, numbers[rows, depths - 1], 0)
    nodes = np.zeros(len(rows) + 2, dtype=NODE)  # the last one only ends the one before
    nodes["character"][1:-1] = characters[rows, depths]
    nodes["first"] = np.searchsorted(above, np.arange(len(nodes))) + 1
    nodes["score"], nodes["piece"] = -np.inf, -1
    ends = numbers[np.arange(len(texts)), lengths - 1]
    nodes["score"][ends], nodes["piece"][ends] = scores[order], order
    nodes["score"][0], nodes["piece"][0] = scores.min() - _UNKNOWN_PENALTY, unknown
    return nodes


def _without_vocabulary(content: dict[str, Any]) -> str:
    """Return a tokenizer's settings with those pieces alone that are marked in a text, not found in it."""
    special = {token["id"] for token in content["added_tokens"]}
    model = content["model"]
    kept = [piece for number, piece in enumerate(model["vocab"]) if number in special]
    return json.dumps({**content, "model": {**model, "vocab": kept}}, ensure_ascii=False)


def _write(path: Path, content: Nodes | str) -> None:
    with path.open("wb") as file:
        if isinstance(content, str):
            file.write(content.encode("utf-8"))
        else:
            np.save(file, content)
        file.flush()
        os.fsync(file.fileno())
