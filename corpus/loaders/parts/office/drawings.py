"""The words of charts and SmartArt, which office files keep in separate parts."""

from collections.abc import Iterator, Mapping
from typing import Any

from corpus.loaders.parts.office.names import A, R, integer
from corpus.loaders.parts.tables.grid import grid_of
from corpus.loaders.parts.tables.rows.measures import are_years, with_year
from corpus.loaders.parts.tables.statements import LONGEST, lines_of

_C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
_DGM = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}"

_LONGEST_HEAD = 20  # characters of what stands before the points below it on one line


def referred(element: Any) -> Iterator[tuple[str, str]]:
    """Yield the charts and SmartArt below an element: `chart` or `diagram`, and the relationship of the part."""
    for part in element.iter(f"{_C}chart", f"{_DGM}relIds"):
        chart = part.tag == f"{_C}chart"
        if identity := part.get(f"{R}id" if chart else f"{R}dm"):
            yield "chart" if chart else "diagram", identity


def chart_lines(chart: Any) -> list[str]:
    """Return the titles and labels of a chart; its values only if they are written on it."""
    titles = [words for title in chart.iter(f"{_C}title") if (words := _words(title))]
    series = list(chart.iter(f"{_C}ser"))
    names = ["".join(each.itertext(f"{_C}v")) for ser in series if (each := ser.find(f"{_C}tx")) is not None]
    categories = next((found for ser in series if (found := _points(ser, "cat"))), {})
    if not _values_written(chart):
        labels = ["、".join(filter(None, categories.values())), "、".join(filter(None, names))]
        return list(dict.fromkeys(filter(None, [*titles, *labels])))
    values = [_points(ser, "val") for ser in series]
    if len(values) == 1 and (not titles or next(chart.iter(f"{_C}legend"), None) is not None):
        titles = list(dict.fromkeys([*titles, *names]))  # a chart of one series without a title bears the series' name
    if len(values) == 1 and names and names[0] in titles:
        # Each line says by itself of what it is: 2024年接待游客（万人次）, 286.4.
        in_years = are_years(list(categories.values()))
        categories = {at: (with_year(name) if in_years else name) + names[0] for at, name in categories.items()}
    rows = [["", *names, *[""] * (len(values) - len(names))]] if len(values) > 1 else []
    rows += [[name, *(value.get(place, "") for value in values)] for place, name in categories.items()]
    return [*titles, *lines_of(grid_of(rows, header=int(len(values) > 1)))]


def diagram_lines(data: Any) -> list[str]:
    """Return the words of SmartArt from the top of its tree downward, each leaf behind what it is of."""
    points = {point.get("modelId"): point for point in data.iter(f"{_DGM}pt")}
    below: dict[str | None, list[tuple[int, str | None]]] = {}
    for link in data.iter(f"{_DGM}cxn"):
        if link.get("type", "parOf") == "parOf":
            below.setdefault(link.get("srcId"), []).append((integer(link.get("srcOrd"), 0), link.get("destId")))
    roots = [identity for identity, point in points.items() if point.get("type") == "doc"]
    ordered = [*_downward(roots, below), *points]
    said = {identity: _said(point) for identity, point in points.items()}
    lines, written = list[str](), set[str | None]()
    for identity in dict.fromkeys(ordered):
        words = said.get(identity, "")
        if not words or identity in written:
            continue
        children = [child for _, child in sorted(below.get(identity, []), key=lambda each: each[0]) if said.get(child)]
        together = "；".join(" ".join(said[child].split("\n")).rstrip("；;。") for child in children)
        leaves = not any(below.get(child) or child in written for child in children)
        if together and leaves and len(words) <= _LONGEST_HEAD and len(together) <= LONGEST:
            lines.append(f"{words.rstrip('：:')}：{together}")
            written.update(children)
        else:
            lines.append(words)
    return lines


def _said(point: Any) -> str:
    """Return the words of a point of SmartArt that is shown; empty for what says only how it is drawn."""
    return _words(point) if point.get("type", "node") in ("node", "asst") else ""


def _downward(roots: list[str | None], below: Mapping[str | None, list[tuple[int, str | None]]]) -> list[str | None]:
    ordered: list[str | None] = []
    seen: set[str | None] = set()
    stack = list(reversed(roots))
    while stack:
        identity = stack.pop()
        if identity not in seen:
            seen.add(identity)
            ordered.append(identity)
            stack += [child for _, child in sorted(below.get(identity, []), key=lambda each: each[0], reverse=True)]
    return ordered


def _words(element: Any) -> str:
    lines = ("".join(paragraph.itertext(f"{A}t")) for paragraph in element.iter(f"{A}p"))
    return "\n".join(line for line in lines if line.strip())


def _points(series: Any, kind: str) -> dict[str, str]:
    """Return the labels or values of a series by their index in the file; of several levels, the lowest."""
    data = series.find(f"{_C}{kind}")
    if data is None:
        return {}
    level = next(data.iter(f"{_C}lvl"), data)
    return {point.get("idx") or "": point.findtext(f"{_C}v") or "" for point in level.iter(f"{_C}pt")}


def _values_written(chart: Any) -> bool:
    if next(chart.iter(f"{_C}dTable"), None) is not None:
        return True
    return any(each.get("val", "1") in ("1", "true") for each in chart.iter(f"{_C}showVal"))
