"""The table of quality as text."""

from collections.abc import Iterator, Mapping
from typing import Any

from benchmarks.quality.figures import DEPTHS, SHOWN_AT, WAYS, WRONG_AT

_DASH = "–"


def table(result: Mapping[str, Any]) -> Iterator[str]:
    """Yield all figures, a table for each question that they answer, then the kinds of each set."""
    about = result["about"]
    yield f"commit {about['commit']}, threshold {about['threshold']}, {about['seconds']:.0f} s, load {about['load']}"
    yield f"peak memory {about['peak_mb']:.0f} MB"
    asked = {name: one["figures"] for name, one in result["sets"].items() if "figures" in one}
    main = {name: figures for name, figures in asked.items() if "answerable" in figures}
    yield from _rows(
        "Asked", main, ["asked", "answerable"], ["right", "wrong", "held", "shown", "unfit", "yes_or_no"], ["length"]
    )
    yield from _rows("Time", main, ["p50_ms", "p95_ms"])
    for way in WAYS:
        yield from _rows(
            f"Found, {way}",
            {n: f for n, f in main.items() if "fused_1" in f},
            [],
            [f"{way}_{depth}" for depth in DEPTHS] + [f"{way}_mrr"],
        )
    alone = {name: figures for name, figures in main.items() if "alone_auc" in figures}
    yield from _rows(
        "Reader alone on the right document",
        alone,
        [],
        ["alone_auc", "alone_em", "alone_f1", "alone_right", *(f"alone_right_at_shown_{s:.0%}" for s in SHOWN_AT)],
    )
    yield from _rows(
        "Words shown for the written answer", {n: f for n, f in main.items() if "short_em" in f}, [], _WORDS
    )
    yield from _rows("Confidence", main, [], ["calibration_error", "confidence_auc", "open_to_threshold", *_APART])
    for kind, shares in (("wrong", WRONG_AT), ("shown", SHOWN_AT)):
        columns = [f"{which}_at_{kind}_{share:.0%}" for share in shares for which in ("right", _OTHER[kind])]
        yield from _rows(f"Where so many are {kind}", main, [], columns)
    yield from _rows("Reading a paragraph", {n: f for n, f in asked.items() if "em" in f}, ["asked"], ["em", "f1"])
    for name, one in result["sets"].items():
        if "skipped" in one:
            yield f"\n{name}: skipped, {one['skipped']}"
        elif one.get("by_tag"):
            yield from _rows(
                f"{name} by kind", one["by_tag"], ["asked", "answerable"], ["right", "wrong", "held", "shown"]
            )


_WORDS = ["short_em", "short_f1", "placed"]
_APART = ["confidence_apart", "outcome_differs"]
_OTHER = {"wrong": "shown", "shown": "wrong"}


def _rows(
    title: str,
    figures: Mapping[str, Mapping[str, float]],
    counts: list[str],
    shares: list[str] | None = None,
    numbers: list[str] | None = None,
) -> Iterator[str]:
    """Yield a table of those columns that any row has."""
    wanted = [
        *((name, "{:.0f}", 1) for name in counts),
        *((name, "{:.1f}", 100) for name in shares or []),
        *((name, "{:.0f}", 1) for name in numbers or []),
    ]
    columns = [column for column in wanted if any(column[0] in row for row in figures.values())]
    if not columns:
        return
    yield f"\n| {title} | " + " | ".join(name.replace("_", " ") for name, _, _ in columns) + " |"
    yield "|---" * (len(columns) + 1) + "|"
    for name, row in figures.items():
        cells = [form.format(row[column] * times) if column in row else _DASH for column, form, times in columns]
        yield f"| {name} | " + " | ".join(cells) + " |"
