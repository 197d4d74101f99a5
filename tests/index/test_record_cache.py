"""What was computed once is found again, whatever happened to the file that holds it."""

import random
from pathlib import Path

import numpy as np
import pytest

from index.embedding.vector_cache import VectorCache
from index.files.record_cache import Cache, key_of
from index.snapshots import snapshot as snapshots
from tests.support.doubles.toy import COOPERATION, INDUSTRY, ToyEmbedder

VALUES = {key_of(str(number)): bytes([number]) * number for number in range(1, 60)}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "caches" / "some.cache"


def found(path: Path) -> dict[bytes, bytes]:
    cache = Cache(path)
    return {key: value for key in VALUES if (value := cache.get(key)) is not None}


def test_values_are_found_again(path: Path) -> None:
    Cache(path).add(VALUES)
    assert found(path) == VALUES
    assert Cache(path).get(key_of("other")) is None


def test_values_added_by_turns_are_all_found(path: Path) -> None:
    first, second = dict(list(VALUES.items())[:30]), dict(list(VALUES.items())[30:])
    Cache(path).add(first)
    Cache(path).add(second)
    assert found(path) == VALUES


@pytest.mark.parametrize("seed", range(20))
def test_of_a_damaged_file_only_sound_values_are_given_and_it_can_be_added_to(path: Path, seed: int) -> None:
    Cache(path).add(VALUES)
    chance, content = random.Random(seed), bytearray(path.read_bytes())
    place = chance.randrange(len(content))
    match seed % 4:
        case 0:
            del content[place:]
        case 1:
            content[place] ^= 1 << chance.randrange(8)
        case 2:
            content[place:] = bytes(len(content) - place)
        case 3:
            del content[place : place + chance.randrange(1, 40)]
    path.write_bytes(content)
    kept = found(path)
    assert kept.items() <= VALUES.items()
    assert kept != VALUES
    cache = Cache(path)
    cache.add(VALUES)
    assert found(path) == VALUES


def test_pruning_drops_the_oldest_that_nobody_asked_for(path: Path) -> None:
    Cache(path).add(VALUES)
    cache, wanted = Cache(path), next(iter(VALUES))
    assert cache.get(wanted) == VALUES[wanted]
    cache.prune(most=11)
    last = list(VALUES)[-10:]
    assert set(found(path)) == {wanted, *last}


def test_vectors_are_of_one_model(tmp_path: Path) -> None:
    vector = np.arange(3, dtype=np.float32)
    VectorCache(tmp_path, "one").add({"文": vector})
    stored = VectorCache(tmp_path, "one").get("文")
    assert stored is not None and np.array_equal(stored, vector)
    assert VectorCache(tmp_path, "other").get("文") is None


class Dying(ToyEmbedder):
    """Fails at its second batch."""

    def encode_passages(self, texts):  # type: ignore[no-untyped-def]
        if self.encoded:
            raise KeyboardInterrupt
        return super().encode_passages(texts)


def test_vectors_made_before_an_interruption_are_not_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshots, "_BATCH", 1)
    with pytest.raises(KeyboardInterrupt):
        snapshots.build((COOPERATION, INDUSTRY), Dying(), max_tokens=60, vectors=VectorCache(tmp_path, "toy-1"))
    embedder = ToyEmbedder()
    built = snapshots.build((COOPERATION, INDUSTRY), embedder, max_tokens=60, vectors=VectorCache(tmp_path, "toy-1"))
    assert embedder.encoded == len(built.passages) - 1
