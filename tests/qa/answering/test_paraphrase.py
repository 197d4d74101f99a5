from collections.abc import Iterator

import pytest

from qa.answering.paraphrase import same, sense
from qa.answering.query_rewriting import Synonyms
from qa.runtime.settings import ROOT

SYNONYMS = Synonyms.read()
FILES = ("same_questions.txt", "same_questions_held_out.txt")


def pairs(file: str) -> Iterator[tuple[str, str, bool]]:
    """Questions with others, and whether those mean the same."""
    asked = ""
    for line in (ROOT / "benchmarks" / "studies" / "data" / file).read_text(encoding="utf-8").splitlines():
        if line.startswith(("= ", "! ")):
            yield asked, line[2:], line.startswith("=")
        elif line and not line.startswith("#"):
            asked = line


def alike(one: str, other: str) -> bool:
    return same(sense(one, SYNONYMS), sense(other, SYNONYMS))


@pytest.mark.parametrize("file", FILES)
def test_no_near_miss_passes_for_the_same_question_and_many_rewordings_do(file: str) -> None:
    judged = [(one, other, wanted, alike(one, other)) for one, other, wanted in pairs(file)]
    assert [(one, other) for one, other, wanted, found in judged if found and not wanted] == []
    rewordings = [found for _, _, wanted, found in judged if wanted]
    assert sum(not wanted for _, _, wanted, _ in judged) >= 50
    assert sum(rewordings) >= 0.4 * len(rewordings)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("谁支援涪陵？", "涪陵支援谁？"),
        ("2023年到2024年增加了多少？", "2024年到2023年增加了多少？"),
        ("学校收购了吗？", "学校被收购了吗？"),
        ("教师培训多少学生？", "多少教师培训学生？"),
        ("？？？", "。"),
    ],
)
def test_order_counts_where_it_carries_meaning(one: str, other: str) -> None:
    assert not alike(one, other)
    assert alike(one, f"请问{one}") == (one != "？？？")


def test_numbers_and_years_are_compared_by_value() -> None:
    assert alike("二〇二一年第三车间减免百分之十五吗？", "2021年第3车间减免15%吗？")
    assert not alike("2021年第三车间减免15%吗？", "2021年第三车间减免25%吗？")
