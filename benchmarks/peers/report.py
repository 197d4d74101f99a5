"""The tables and the plot: `docs/peers.md`, and the short tables of both READMEs."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.peers.figures import OURS, Measured, SetFigures
from benchmarks.peers.plot import draw
from benchmarks.quality.sets import Question
from qa.runtime.settings import ROOT

PAGE = ROOT / "docs" / "peers.md"
PLOT = ROOT / "docs" / "peers.svg"
READMES = {"README.md": "en", "README.zh-CN.md": "zh"}
BEGIN, END = "<!-- peers -->", "<!-- /peers -->"
_NONE = "–"

Row = Sequence[str]


def table(measured: Sequence[Measured]) -> str:
    """Return all figures as Markdown tables."""
    return "\n\n".join([_costs(measured), *(_shown(measured, name) for name in _sets(measured))])


def write(measured: Sequence[Measured], asked: Mapping[str, Sequence[Question]]) -> None:
    """Write the tables between the marks of the page and of the READMEs, and the plot."""
    counts = "; ".join(
        f"`{name}`: {sum(q.answerable for q in questions)} questions with an answer, "
        f"{sum(not q.answerable for q in questions)} without"
        for name, questions in asked.items()
    )
    plot = f"![What has to be read, and whether the fact is in it]({PLOT.name})"
    _between(PAGE, f"{plot}\n\n{counts}.\n\n{table(measured)}\n\n{_versions(measured)}")
    for file, language in READMES.items():
        _between(ROOT / file, _short(measured, language))
    draw(measured, PLOT)


def _between(path: Path, text: str) -> None:
    """Replace what stands between the marks. Raises `ValueError` if they are missing."""
    whole = path.read_text(encoding="utf-8")
    marks = re.compile(f"{re.escape(BEGIN)}.*?{re.escape(END)}", re.DOTALL)
    if not marks.search(whole):
        raise ValueError(f"{path} lacks the marks {BEGIN} and {END}")
    path.write_text(marks.sub(lambda _: f"{BEGIN}\n{text}\n{END}", whole), encoding="utf-8")


def _sets(measured: Sequence[Measured]) -> list[str]:
    return list(dict.fromkeys(name for one in measured for name in one.figures))


def _costs(measured: Sequence[Measured]) -> str:
    """Return what start, index, memory and a change take, with ratios to ours."""
    ours = next((one for one in measured if one.key == OURS and one.figures), None)
    head = [
        "program",
        "start, s",
        "characters indexed a second (passages)",
        "memory at most, MiB",
        "first index of 2,000 documents, s",
        "one of 2,000 changed, s",
    ]
    return _markdown(head, [_cost(one, ours.raw if ours else None) for one in measured])


def _cost(one: Measured, ours: Mapping[str, Any] | None) -> Row:
    if not one.figures:
        return [one.label, str(one.raw["missing"]), *[""] * 4]
    raw = one.raw
    rate, many = raw["rate"], raw.get("many")
    ratios = {
        name: f" ({value / of(ours):.1f} ×)" if ours and one.key != OURS else "" for name, value, of in _ratios(raw)
    }
    return [
        one.label,
        f"{raw['start_s']:.1f}",
        f"{_speed(raw):,.0f}{ratios['speed']} ({rate['passages'] / rate['seconds']:.1f})",
        f"{raw['peak_mib']:,.0f}{ratios['memory']}",
        f"{_first(raw):,.0f}{ratios['first']}" if many else _NONE,
        f"{many['change_s']:.2f}{ratios['change']}" if many else _NONE,
    ]


def _ratios(raw: Mapping[str, Any]) -> list[tuple[str, float, Any]]:
    """Return (name, the program's value, how to read ours) of the figures that have a ratio."""
    pairs = [("speed", _speed), ("memory", lambda one: float(one["peak_mib"]))]
    if raw.get("many"):
        pairs += [("first", _first), ("change", lambda one: float(one["many"]["change_s"]))]
    return [(name, of(raw), of) for name, of in pairs]


def _speed(raw: Mapping[str, Any]) -> float:
    return float(raw["rate"]["characters"] / raw["rate"]["seconds"])


def _first(raw: Mapping[str, Any]) -> float:
    """Return the seconds of a first index: its other steps, and the encoder at the rate of the sample."""
    share = raw["many"]["documents"] / raw["rate"]["documents"]
    return float(raw["many"]["rest_s"] + raw["rate"]["seconds"] * share)


def _shown(measured: Sequence[Measured], name: str) -> str:
    head = [
        f"over `{name}`",
        "fact in what is shown first",
        "in the first three",
        "characters of the first",
        "characters down to the fact",
        "as an answer: right",
        "wrong",
        "near misses refused",
        "p50, ms",
        "p95, ms",
    ]
    rows = [_shown_row(one, one.figures[name]) for one in measured if name in one.figures]
    return _markdown(head, rows)


def _shown_row(one: Measured, of: SetFigures) -> Row:
    answers = [_NONE if share is None else f"{share:.0%}" for share in (of.right, of.wrong)]
    reading = [f"{of.read:.0f}", f"{of.until:.0f}"]
    times = [f"{of.p50:.0f}", f"{of.p95:.0f}"]
    return [one.label, f"{of.first:.0%}", f"{of.three:.0%}", *reading, *answers, f"{of.refused:.0%}", *times]


_WORDS = {
    "en": [
        "",
        "fact in what is shown first",
        "in the first three",
        "characters of the first",
        "near misses refused",
        "memory, MiB",
        "one of 2,000 changed, s",
    ],
    "zh": [
        "",
        "首条结果含所问事实",
        "前三条含有",
        "首条的字数",
        "无答案的问题说没有",
        "内存，MiB",
        "2,000 份中改一份，秒",
    ],
}
_ABOUT = {
    "en": "Each as its own documentation sets it up, with the same encoder: 200 questions over 50 office documents, "
    "half of them near misses; our threshold was chosen on these.",
    "zh": "各按自己的文档设置，用同一个编码器：50 份机关文件、200 个问题，其中一半在文件里没有答案；"
    "本系统的门槛是用这些问题选定的。",
}
_LABELS = {"zh": {"haystack": "Haystack（抽取式阅读器）"}}


def _short(measured: Sequence[Measured], language: str) -> str:
    rows = []
    for one in measured:
        if (of := one.figures.get("written")) and one.raw.get("many"):
            shares = [f"{of.first:.0%}", f"{of.three:.0%}", f"{of.read:.0f}", f"{of.refused:.0%}"]
            costs = [f"{one.raw['peak_mib']:,.0f}", f"{one.raw['many']['change_s']:.2f}"]
            rows.append([_LABELS.get(language, {}).get(one.key, one.label), *shares, *costs])
    return f"\n{_ABOUT[language]}\n\n{_markdown(_WORDS[language], rows)}\n"


def _versions(measured: Sequence[Measured]) -> str:
    found = {name: number for one in measured for name, number in one.raw.get("versions", {}).items()}
    return "Versions: " + ", ".join(f"{name} {number}" for name, number in found.items()) + "."


def _markdown(head: Row, rows: Sequence[Row]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
