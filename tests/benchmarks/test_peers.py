"""Programs beside ours are judged by one rule: where the fact stands, what has to be read, what is refused."""

from pathlib import Path

import pytest

from benchmarks.peers import report
from benchmarks.peers.figures import Measured, SetFigures, of_set
from benchmarks.peers.inputs import RATED, many, open_sets
from benchmarks.quality.sets import Question
from qa.runtime.settings import ROOT

ASKED = [
    Question(question_id="a", text="收多少？", answerable=True, document="d.txt", answer="13家"),
    Question(question_id="b", text="几号？", answerable=True, document="d.txt", answer="11月21日"),
    Question(question_id="c", text="归谁管？", answerable=False, document="d.txt"),
]
FACT, OTHER = "商会有13家。会员很多。", "与此无关。"


def row(
    name: str, *passages: tuple[str, str], answer: str = "", refused: bool = False, ms: float = 5.0
) -> dict[str, object]:
    return {"question_id": name, "passages": passages, "answer": answer, "refused": refused, "ms": ms}


def test_passages_are_judged_by_where_the_fact_stands_in_its_own_document() -> None:
    rows = [
        row("a", ("other.txt", FACT), ("d.txt", FACT), ms=1.0),
        row("b", ("d.txt", OTHER), ("d.txt", OTHER), ("d.txt", OTHER), ("d.txt", "11月21日")),
        row("c", ("d.txt", OTHER)),
    ]
    found = of_set(ASKED, rows)
    assert (found.first, found.three, found.refused) == (0.0, 0.5, 0.0)
    assert (found.right, found.wrong) == (None, None)
    assert found.until == 2 * len(FACT) and found.read == (len(FACT) + len(OTHER)) / 2
    assert (found.p50, found.p95) == (5.0, 5.0)


def test_an_answer_is_right_by_its_own_words_or_the_sentence_that_holds_them() -> None:
    right = row("a", ("d.txt", FACT), answer="有13家")
    in_its_sentence = row("a", ("d.txt", FACT), answer="商会")
    beside_it = row("a", ("d.txt", FACT), answer="会员很多")
    refused = row("b", ("d.txt", "11月21日"), refused=True)
    for answered, share in ((right, 0.5), (in_its_sentence, 0.5), (beside_it, 0.0)):
        found = of_set(ASKED, [answered, refused, row("c", refused=True)])
        assert (found.right, found.wrong, found.refused) == (share, 0.5 - share, 1.0)


def test_results_of_other_questions_are_not_taken_for_these() -> None:
    with pytest.raises(ValueError, match="other questions"):
        of_set(ASKED, [row("a"), row("c"), row("b")])


def test_the_tables_stand_between_the_marks_and_tell_what_is_missing(tmp_path: Path) -> None:
    raw = {
        "start_s": 2.0,
        "peak_mib": 900.0,
        "rate": {"seconds": 2.0, "passages": 20, "characters": 4000, "documents": 40},
        "many": {"documents": 2000, "rest_s": 5.0, "change_s": 0.5},
    }
    figures = SetFigures(0.8, 0.9, 30.0, 40.0, 0.7, 0.1, 0.9, 50.0, 90.0)
    ours = Measured("ours", "浙涪问答", raw, {"written": figures})
    slow = {**raw, "rate": {**raw["rate"], "seconds": 8.0}, "many": {**raw["many"], "change_s": 5.0}}  # type: ignore[dict-item]
    told = report.table(
        [ours, Measured("txtai", "txtai", slow, {"written": figures}), Measured("x", "X", {"missing": "ended"}, {})]
    )
    assert "| 浙涪问答 | 2.0 | 2,000 (10.0) | 900 | 105 | 0.50 |" in told
    assert "500 (0.2 ×) (2.5)" in told and "405 (3.9 ×)" in told and "5.00 (10.0 ×)" in told
    assert "| X | ended |" in told
    page = tmp_path / "page.md"
    page.write_text(f"a\n{report.BEGIN}\nold\n{report.END}\nb\n", encoding="utf-8")
    report._between(page, "new")
    assert page.read_text(encoding="utf-8") == f"a\n{report.BEGIN}\nnew\n{report.END}\nb\n"
    page.write_text("no marks", encoding="utf-8")
    with pytest.raises(ValueError, match="lacks the marks"):
        report._between(page, "new")


def test_the_same_questions_are_drawn_in_every_run_and_half_have_no_answer() -> None:
    (written, asked), (shipped, _) = open_sets().values()
    assert (len(written), len(asked), len(shipped)) == (50, 200, 10)
    assert 70 < sum(question.answerable for question in asked) < 130
    assert asked == open_sets()["written"][1]
    texts = many()
    assert len(texts) == 2000 > RATED and len({text.name for text in texts}) == 2000


def test_every_page_has_its_place_for_the_tables() -> None:
    for path in (report.PAGE, *(ROOT / name for name in report.READMES)):
        text = path.read_text(encoding="utf-8")
        assert text.count(report.BEGIN) == text.count(report.END) == 1
