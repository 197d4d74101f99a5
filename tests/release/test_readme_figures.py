"""The README's table of answers says what docs/evaluation.md says, rounded."""

import re
from collections.abc import Mapping

from release.locks import ROOT

ENGLISH = (ROOT / "README.md").read_text(encoding="utf-8")
EVALUATION = (ROOT / "docs" / "evaluation.md").read_text(encoding="utf-8")
# The set of each row of the README, by words of the row. The first row is of many sets together.
SETS = {
    "one more office": "union",
    "files of everyday kinds": "desk",
    "files of rarer kinds": "ledger",
    "no network was trained on": "written",
    "had failed before": "field",
    "as citizens put them": "citizen",
    "newspaper article": "article",
    "golden questions": "shipped",
}


def rows(text: str, heading: str) -> list[list[str]]:
    """Return the cells of the first table below a heading, without its head."""
    below = text.partition(f"\n{heading}\n")[2].partition("\n|")[2].partition("\n\n")[0]
    return [[cell.strip() for cell in line.strip("| ").split(" | ")] for line in below.splitlines()[2:]]


def scored() -> Mapping[str, tuple[int, list[float]]]:
    """Return for each set how many questions it has, and which were right, wrong and shown."""
    found = {}
    for name, counts, *figures in rows(EVALUATION, "## What it scores"):
        right, wrong, _, shown = (float(re.split("[ (]", figure)[0]) for figure in figures)
        found[name] = (sum(int(count) for count in counts.split(" / ")), [right, wrong, shown])
    return found


def apart(told: list[str], found: list[float]) -> list[tuple[int, float]]:
    """Return the figures of a row that differ by more than rounding does."""
    first = [int(re.findall(r"\d+", cell)[0]) for cell in told]
    return [(one, other) for one, other in zip(first, found, strict=True) if abs(one - other) > 0.5]


def test_each_row_of_the_readme_rounds_its_set_of_the_evaluation() -> None:
    listed = rows(ENGLISH, "## How good it is")[1:]
    assert len(listed) == len(SETS)
    sets = scored()
    for words, *told in listed:
        (name,) = {SETS[key] for key in SETS if key in words}
        count, found = sets[name]
        asked = [int(number) for number in re.findall(r"(\d+) (?:golden )?questions", words)]
        assert (name, asked, apart(told, found)) == (name, [count], [])


def test_the_first_row_is_what_the_evaluation_says_of_all_offices_together() -> None:
    words, *told = rows(ENGLISH, "## How good it is")[0]
    files, questions = re.findall(r"\d[\d,]*", words)[:2]
    assert f"{files} documents, {questions} questions" in EVALUATION
    now = re.search(r"now these have ([\d.]+) / ([\d.]+) / ([\d.]*\d)", EVALUATION)
    first = re.search(r"answered ([\d.]+) % right and ([\d.]+) % wrong, and ([\d.]+) % of their", EVALUATION)
    assert now and first
    assert apart(told, [float(figure) for figure in now.groups()]) == []
    before = [cell.partition("(")[2].rstrip(")") for cell in told]
    assert apart(before, [float(figure) for figure in first.groups()]) == []


def test_a_figure_that_is_not_its_sets_would_be_seen() -> None:
    assert apart(["80 % (71)", "4 %", "0 of 9"], [80.0, 4.4, 0.0]) == []
    assert apart(["80 %", "4 %", "0 of 9"], [81.1, 4.6, 1.0]) == [(80, 81.1), (4, 4.6), (0, 1.0)]
