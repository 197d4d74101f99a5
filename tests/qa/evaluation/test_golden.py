"""Replies are judged by what they must hold, and scores are those of the CMRC 2018 script."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from qa.answering.reply import Abstention, Answer, Citation, Reason, Reply, Turn
from qa.evaluation.golden import GoldenQuestion, judge, read_golden, tally
from qa.evaluation.results import GoldenResult
from qa.evaluation.squad import QuestionFileError, exact_match, f1, read_squad

QUESTIONS = [
    GoldenQuestion("a", "几对？", (("13对",),), True, ("direct",)),
    GoldenQuestion("b", "几家？", (("99家", "九十九家"),), True, ("direct",)),
    GoldenQuestion("c", "谁？", (("张三",),), True, ("direct",)),
    GoldenQuestion("d", "天气？", (), False, ("off-topic",)),
    GoldenQuestion("e", "校长？", (), False, ("near-miss",)),
]


def fixed(question: str, history: Sequence[Turn] = ()) -> Reply:
    if question in ("谁？", "天气？"):
        return Abstention(
            question=question, standalone_question=question, snapshot="s", reason=Reason.OFF_TOPIC, text="无"
        )
    citation = Citation("甲", "甲", (), 0, 5, "结成13对")
    return Answer(
        question=question,
        standalone_question=question,
        snapshot="s",
        text=citation.text,
        citations=(citation,),
        confidence=0.9,
    )


def test_replies_are_right_wrong_or_refused() -> None:
    assert [j.verdict for j in judge(QUESTIONS, fixed)] == ["right", "wrong", "refused", "refused", "wrong"]
    assert [j.acceptable for j in judge(QUESTIONS, fixed)] == [True, False, False, True, False]


def test_the_table_counts_by_tag_and_in_all() -> None:
    rows = {
        row.tag: (row.asked, row.right, row.wrong, row.refused, row.cited) for row in tally(judge(QUESTIONS, fixed))
    }
    assert rows["direct"] == rows["answerable"] == (3, 1, 1, 1, 1)
    assert rows["unanswerable"] == (2, 0, 1, 1, 0)
    assert rows["all"] == (5, 1, 2, 2, 1)


@pytest.mark.parametrize(
    "line", ["{", "[]", '{"id": 1}', '{"id": 1, "question": "问", "answerable": true, "must": []}']
)
def test_a_bad_line_is_named(tmp_path: Path, line: str) -> None:
    path = tmp_path / "golden.jsonl"
    path.write_text(f"\n{line}\n", encoding="utf-8")
    with pytest.raises(QuestionFileError, match="line 2"):
        read_golden(path)


@pytest.mark.parametrize("content", ["{", "[]", '{"data": [{}]}', '{"data": 3}'])
def test_a_file_that_is_not_squad_is_a_named_error(tmp_path: Path, content: str) -> None:
    path = tmp_path / "squad.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(QuestionFileError, match=r"squad\.json"):
        read_squad(path)


@pytest.mark.parametrize(
    ("prediction", "references", "em", "f"),
    [
        ("《光荣》", ["光荣"], 1.0, 1.0),
        ("ABC Def", ["abc def"], 1.0, 1.0),
        ("1963年", ["1963年3月", "1964年"], 0.0, 2 * 1.0 * 0.5 / 1.5),
        ("光荣和ω-force", ["光荣"], 0.0, 2 * (2 / 4) * 1 / 1.5),
        ("北京", ["上海"], 0.0, 0.0),
        ("", ["上海"], 0.0, 0.0),
    ],
)
def test_scores_follow_the_cmrc_script(prediction: str, references: list[str], em: float, f: float) -> None:
    """Punctuation and case dropped; units are Chinese characters and runs of others; longest common substring."""
    assert exact_match(prediction, references) == em
    assert f1(prediction, references) == pytest.approx(f)


@pytest.mark.parametrize(
    ("text", "short", "same"),
    [
        ("馆内每天 8时\n开门。", None, True),
        ("每天8时就开门。", "8时", True),
        ("每天8时就开门。", None, False),
        ("馆内每天9时开门。", "9时", False),
    ],
)
def test_a_wrong_reply_is_another_one_if_it_says_something_else(text: str, short: str | None, same: bool) -> None:
    """The short answers tell, whatever stands around them; without one on both sides the quoted words do."""
    given = GoldenResult("g1", "图书馆几点开门？", True, False, "wrong", "馆内每天8时开门。", "8时", ("馆.txt",))
    assert replace(given, text=text, short=short).says_as(given) is same
    assert not replace(given, verdict="right").says_as(given)
