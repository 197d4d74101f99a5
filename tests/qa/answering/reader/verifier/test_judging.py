"""The verifier reads a question with what would be quoted, and judges the quotation alone."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from safetensors.numpy import load_file, save_file

from index.embedding import weight_file
from index.embedding.weight_file import WeightsError
from qa.answering.reader import extractive
from qa.answering.reader.encoding import PairEncoder, Window
from qa.answering.reader.verifier import judging
from qa.answering.reader.verifier.judging import Quoted, Verdict, Verifier, quote_tokens


class Characters(PairEncoder):
    """A token for every character, in windows of twelve characters of the passage."""

    def __init__(self) -> None: ...

    def encode(self, pairs: Sequence[tuple[str, str]]) -> list[Window]:
        return [
            Window(
                [0, *map(ord, question), 2, *map(ord, passage[begin : begin + 12])],
                len(question) + 2,
                [(i, i + 1) for i in range(begin, min(len(passage), begin + 12))],
                number,
            )
            for number, (question, passage) in enumerate(pairs)
            for begin in range(0, len(passage), 12)
        ]


class Counting:
    """A network whose two outputs are the tokens of the quotation, and minus them."""

    def __init__(self) -> None:
        self.runs = 0

    def __call__(self, arrays: Mapping[str, npt.NDArray[Any]]) -> Sequence[npt.NDArray[np.float32]]:
        self.runs += 1
        counts = arrays["quote_mask"].sum(axis=1).astype(np.float32)
        return [counts, -counts]


def test_only_the_quotation_is_judged_not_the_headings_above_it() -> None:
    ((ids, first, length),) = quote_tokens(Characters(), [("几天", Quoted("通知\n", "七天。"))])
    assert "".join(map(chr, ids[first : first + length])) == "七天。"


def test_of_a_long_quotation_the_beginning_counts() -> None:
    ((ids, first, length),) = quote_tokens(Characters(), [("几天", Quoted("通知\n", "七" * 30))])
    assert "".join(map(chr, ids[first : first + length])) == "七" * 9


def test_verdicts_come_in_order_and_equal_quotations_are_judged_once() -> None:
    network = Counting()
    verifier = Verifier(network, Characters())
    quoted = [Quoted("", "七天"), Quoted("通知\n", "七天内发卡")]
    assert verifier.judge("几天", quoted) == [Verdict(2.0, -2.0), Verdict(5.0, -5.0)]
    assert verifier.judge("几天", quoted) == [Verdict(2.0, -2.0), Verdict(5.0, -5.0)]
    assert network.runs == 2
    assert verifier.judge("几天", []) == []


def changed_reader(layer: int, path: Path) -> Path:
    """Write the shipped reader with one number of a layer changed."""
    tensors = load_file(extractive.WEIGHTS)
    name = f"encoder.encoder.layer.{layer}.output.dense.weight"
    tensors[name] = tensors[name].copy()
    tensors[name][0, 0] ^= 1
    save_file(tensors, path)
    return path


def test_a_verifier_trained_above_other_lower_layers_is_refused(tmp_path: Path) -> None:
    shared = judging.SHARED_LAYERS
    made_for = weight_file.metadata(judging.WEIGHTS)["reader"]
    assert made_for == weight_file.digest_below(extractive.WEIGHTS, shared)
    assert made_for == weight_file.digest_below(changed_reader(shared, tmp_path / "upper.safetensors"), shared)
    other = changed_reader(shared - 1, tmp_path / "lower.safetensors")
    with pytest.raises(WeightsError, match="another reader"):
        judging.open_verifier(tmp_path, tmp_path, other)


def test_a_damaged_weight_file_is_named(tmp_path: Path) -> None:
    damaged = tmp_path / "verifier.safetensors"
    damaged.write_bytes(judging.WEIGHTS.read_bytes()[:1000])
    with pytest.raises(WeightsError, match=r"verifier\.safetensors are missing or damaged"):
        weight_file.metadata(damaged)
