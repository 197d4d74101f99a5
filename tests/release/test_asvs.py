"""The table of OWASP ASVS names tests that exist, and counts its rows."""

import re
from collections import Counter

from release.locks import ROOT

PAGE = (ROOT / "docs" / "asvs.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| (V\d[^|]*) \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", PAGE, re.MULTILINE)


def test_every_row_says_whether_it_is_met_and_what_shows_it() -> None:
    assert len(ROWS) > 40 and {met for _, met, _, _ in ROWS} <= {"yes", "partly", "not"}
    tests = {section: re.findall("`([^`]+)`", shown) for section, _, _, shown in ROWS}
    assert [section for section, met, _, _ in ROWS if met == "yes" and not tests[section]] == []
    assert [test for listed in tests.values() for test in listed if not (ROOT / test).is_file()] == []


def test_the_rows_are_counted() -> None:
    counts = Counter(met for _, met, _, _ in ROWS)
    told = re.search(r"(\d+) rows are met, (\d+) partly, (\d+) (?:is|are) not", PAGE)
    assert told and tuple(map(int, told.groups())) == (counts["yes"], counts["partly"], counts["not"])
