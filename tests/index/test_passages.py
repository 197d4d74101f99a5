"""Passages as columns: each comes back as it was split, and columns that do not fit together are refused."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from corpus.document import Passage
from corpus.loaders import text
from corpus.text.passages import Splitter
from index.passages import Passages
from tests.support.doubles.toy import COOPERATION, INDUSTRY, ToyEmbedder

FAQ = text.load(
    "问答.txt", "常见问题\n\n问：商会何时成立？\n答：2021年3月成立。\n\n问：有多少会员？\n答：有237家会员。\n".encode()
)
DOCUMENTS = (COOPERATION, FAQ, INDUSTRY)


def split() -> list[Passage]:
    splitter = Splitter(ToyEmbedder().count_tokens, 60)
    return [passage for document in DOCUMENTS for passage in splitter.split(document)]


def test_each_passage_comes_back_as_it_was_split(tmp_path: Path) -> None:
    wanted = split()
    assert any(passage.pair for passage in wanted) and any(len(passage.sentences) > 1 for passage in wanted)
    columns = Passages.of(DOCUMENTS, wanted)
    columns.save(tmp_path)
    for kept in (columns, Passages.load(tmp_path, DOCUMENTS)):
        assert list(kept) == wanted and len(kept) == len(wanted)
        assert (kept[-1], kept[1:3]) == (wanted[-1], tuple(wanted[1:3]))
        assert [kept.document(row) for row in range(len(kept))] == [passage.document for passage in wanted]
    with pytest.raises(IndexError):
        columns[len(wanted)]


def test_passages_are_found_by_their_document() -> None:
    wanted = split()
    columns = Passages.of(DOCUMENTS, wanted)
    for document in DOCUMENTS:
        own = tuple(passage for passage in wanted if passage.document is document)
        assert columns.of_document(document.name) == own and columns.counts()[document.name] == len(own)
    assert columns.of_document("没有.txt") == ()


def test_other_passages_are_not_equal() -> None:
    wanted = split()
    assert Passages.of(DOCUMENTS, wanted) == Passages.of(DOCUMENTS, split())
    assert Passages.of(DOCUMENTS, wanted) != Passages.of(DOCUMENTS, wanted[:-1])


@pytest.mark.parametrize(
    ("name", "damage"),
    [
        ("documents", lambda column: column + 1),
        ("documents", lambda column: column[::-1].copy()),
        ("documents", lambda column: column[:-1]),
        ("spans", lambda column: column + 100_000),
        ("spans", lambda column: column[:, ::-1].copy()),
        ("headings", lambda column: column - 1),
        ("starts", lambda column: column[::-1].copy()),
        ("sentences", lambda column: column[:-1]),
        ("pairs", lambda column: column + 1_000),
    ],
)
def test_columns_that_do_not_fit_are_refused(
    tmp_path: Path, name: str, damage: Callable[[np.ndarray], np.ndarray]
) -> None:
    Passages.of(DOCUMENTS, split()).save(tmp_path)
    Passages.load(tmp_path, DOCUMENTS)
    path = tmp_path / f"{name}.npy"
    np.save(path, damage(np.load(path)))
    with pytest.raises(ValueError):
        Passages.load(tmp_path, DOCUMENTS)
