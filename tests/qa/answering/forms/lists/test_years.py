"""A figure of another year does not answer for the year that is asked for."""

import pytest

from corpus.document import Span
from qa.answering.forms.lists.years import of_year
from qa.answering.reader.base import Finding, Reading
from tests.support.doubles.toy import document

TEXT = """2024年，快递收入33.5亿元。快递业务量3.92亿件，平均单价8.55元，比2019年的11.73元低。
2019年，快递业务量1.25亿件。
网点2640个。
"""
OF = document(TEXT, title="快递统计")
NONE = Reading((), 0.0)


def found(*words: str) -> Reading:
    starts = [TEXT.index(word) for word in words]
    findings = [
        Finding(OF, (), Span(0, len(TEXT)), Span(start, start + len(word)))
        for start, word in zip(starts, words, strict=True)
    ]
    return Reading(tuple(findings), 0.8)


def shorts(reading: Reading) -> list[str]:
    return [finding.short.of(TEXT) for finding in reading.findings if finding.short]


@pytest.mark.parametrize(
    ("year", "words", "kept"),
    [
        ("2024", ["3.92亿件"], ["3.92亿件"]),
        ("2019", ["3.92亿件"], []),
        ("2019", ["8.55元"], ["11.73元"]),  # told beside it
        ("2019", ["11.73元"], ["11.73元"]),
        ("2019", ["3.92亿件", "1.25亿件"], ["1.25亿件"]),
        ("2021", ["2640个"], ["2640个"]),  # the document names no year for it
    ],
)
def test_only_what_is_of_the_year_is_kept(year: str, words: list[str], kept: list[str]) -> None:
    reading = of_year(year, found(*words), NONE)
    assert shorts(reading) == kept and bool(reading.confidence) is bool(kept)


def test_what_was_found_for_both_years_answers_for_its_own() -> None:
    assert shorts(of_year("2019", found("3.92亿件"), found("1.25亿件"))) == ["1.25亿件"]
    assert shorts(of_year("2018", found("3.92亿件"), found("1.25亿件"))) == []
