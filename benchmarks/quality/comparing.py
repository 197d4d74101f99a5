"""Compares two runs of the table, and one run with the values that a release needs."""

from collections.abc import Iterator, Mapping
from typing import Any

from benchmarks.quality.figures import Figures, figures

# Figures that are no share: how far they have to move before it is told.
_TELLING = {"p50_ms": 20.0, "p95_ms": 50.0, "length": 5.0}
_LEAST = 0.0005


def moved(base: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[str]:
    """Yield the differences line by line: figures of each set, then questions with another outcome."""
    for name in [*base["sets"], *(name for name in now["sets"] if name not in base["sets"])]:
        before, after = base["sets"].get(name, {}), now["sets"].get(name, {})
        missing = [which for which, one in (("base", before), ("this run", after)) if "figures" not in one]
        if missing:
            yield f"{name}: not in {' nor in '.join(missing)}"
            continue
        common = _common(before["questions"], after["questions"])
        lines = [*_figures(*common), *_outcomes(before["questions"], after["questions"])]
        yield f"{name}: {'the same' if not lines else ''}".rstrip(" ")
        yield from (f"  {line}" for line in lines)


def missed(gates: Mapping[str, Mapping[str, float]], now: Mapping[str, Any]) -> list[str]:
    """Return a line for each missed gate: `gates` has `least` or `most` by `set.figure`, or `about.peak_mb`."""
    lines = []
    for name, bounds in gates.items():
        of_set, _, figure = name.partition(".")
        known = now["about"] if of_set == "about" else now["sets"].get(of_set, {}).get("figures", {})
        value = known.get(figure)
        if value is None:
            lines.append(f"{name}: not measured")
        elif value < bounds.get("least", value):
            lines.append(f"{name}: {value:.4g}, least {bounds['least']:.4g}")
        elif value > bounds.get("most", value):
            lines.append(f"{name}: {value:.4g}, most {bounds['most']:.4g}")
    return lines


def _figures(before: Mapping[str, float], after: Mapping[str, float]) -> Iterator[str]:
    for name in [*before, *(name for name in after if name not in before)]:
        if name not in before or name not in after:
            yield f"{name:<28} only in {'base' if name in before else 'this run'}"
        elif abs(after[name] - before[name]) >= _TELLING.get(name, _LEAST):
            yield f"{name:<28} {before[name]:>9.4g} → {after[name]:<9.4g} {after[name] - before[name]:+.4g}"


def _common(before: list[dict[str, Any]], after: list[dict[str, Any]]) -> tuple[Figures, Figures]:
    """Return the figures of both runs over the questions that both asked."""
    asked = {row["question_id"] for row in before} & {row["question_id"] for row in after}
    first, second = ([row for row in rows if row["question_id"] in asked] for rows in (before, after))
    return figures(first), figures(second)


def _outcomes(before: list[dict[str, Any]], after: list[dict[str, Any]]) -> Iterator[str]:
    """Yield the questions by how their outcome moved; those that only one run asked are counted."""
    known = {row["question_id"]: row for row in before}
    groups: dict[str, list[str]] = {}
    for row in after:
        old = known.pop(row["question_id"], None)
        if old is None:
            groups.setdefault("only in this run", []).append(row["question_id"])
        elif (change := _change(old, row)) is not None:
            groups.setdefault(change, []).append(row["question_id"])
    if known:
        groups["only in base"] = list(known)
    for change, ids in sorted(groups.items()):
        yield f"{change} ({len(ids)}): {' '.join(ids)}"


def _change(old: Mapping[str, Any], new: Mapping[str, Any]) -> str | None:
    if "outcome" not in old or "outcome" not in new:
        return None if old.get("em") == new.get("em") else "exact → not" if old.get("em") else "not → exact"
    return None if old["outcome"] == new["outcome"] else f"{old['outcome']} → {new['outcome']}"
