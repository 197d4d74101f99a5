"""T43: an interpreter with known faults is told at the start, and fails `make audit`."""

from pathlib import Path

import pytest

from qa.runtime.interpreter import advice


@pytest.mark.parametrize(
    "version, mended, told",
    [
        ((3, 11, 7), False, True),
        ((3, 11, 9), False, True),
        ((3, 11, 10), False, False),
        ((3, 12, 0), False, False),
        ((3, 11, 2), True, False),
    ],
    ids=["3.11.7", "3.11.9", "3.11.10", "3.12", "mended by the distribution"],
)
def test_known_faults_are_told_with_the_way_out(version: tuple[int, ...], mended: bool, told: bool) -> None:
    line = advice(version, mended=mended)
    assert bool(line) == told
    if told:
        assert "CVE-2024-7592" in line and "3.11.10" in line and "\n" not in line


def test_the_audit_of_packages_looks_at_the_interpreter_too() -> None:
    makefile = (Path(__file__).parents[3] / "Makefile").read_text(encoding="utf-8")
    assert "qa.runtime.interpreter" in makefile.split("\naudit:")[1].split("\n\n")[0]
