"""The verifier reads a question with what would be quoted, and judges the quotation alone."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from qa.answering.reader.encoding import PairEncoder, Window
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
