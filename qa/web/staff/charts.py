"""Figures, lists and plots of the staff area as markup; all texts are escaped.

The plots are drawn with elements whose size is an attribute: the content policy forbids styles on elements, and the
`unsafe-eval` that Gradio's own plots need.
"""

from collections.abc import Mapping, Sequence

from qa.web.html import NOTHING, Html


def heading(text: str) -> Html:
    """Return the heading of a part of a page."""
    return Html("<h3>{}</h3>").format(text)


def cards(figures: Sequence[tuple[str, str, str]]) -> Html:
    """Return figures side by side: name, amount and note of each."""
    return Html('<div class="cards">{}</div>').format(NOTHING.join(_card(*figure) for figure in figures))


def notes(lines: Sequence[str], kind: str = "") -> Html:
    """Return sentences, one a line."""
    items = NOTHING.join(Html('<li class="text">{}</li>').format(line) for line in lines)
    return Html('<ul class="notes {}">{}</ul>').format(kind, items) if items else NOTHING


def rows(headers: Sequence[str], cells: Sequence[Sequence[str]]) -> Html:
    """Return a table to read; empty without rows."""
    if not cells:
        return NOTHING
    head = NOTHING.join(Html("<th>{}</th>").format(name) for name in headers)
    shown = [NOTHING.join(Html('<td class="text">{}</td>').format(cell) for cell in row) for row in cells]
    body = NOTHING.join(Html("<tr>{}</tr>").format(row) for row in shown)
    table = Html('<div class="rows"><table><thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>')
    return table.format(head, body)


def columns(title: str, series: Mapping[str, str], buckets: Sequence[tuple[str, Mapping[str, int]]]) -> Html:
    """Return stacked columns; `series` maps the keys of the counts to their names, in the order of the stack."""
    most = max((sum(counts.get(key, 0) for key in series) for _, counts in buckets), default=0) or 1
    column = Html('<li title="{}"><span>{}</span><small>{}</small></li>')
    drawn = []
    for label, counts in buckets:
        parts = [(key, counts.get(key, 0)) for key in series]
        told = "，".join(f"{series[key]}{count}" for key, count in parts if count) or "没有提问"
        stack = NOTHING.join(_bar(key, count / most) for key, count in parts if count)
        drawn.append(column.format(f"{label}：{told}", stack, label))
    return _plot(_caption(title, series, f"最高{most}"), drawn)


def curves(
    title: str, series: Mapping[str, str], points: Sequence[tuple[float, Mapping[str, float]]], *, here: float
) -> Html:
    """Return the shares (0–1) at each threshold as pairs of bars; the one nearest to `here` is marked."""
    nearest = min((at for at, _ in points), key=lambda at: abs(at - here), default=None)
    pair = Html('<li{} title="{}"><span class="beside">{}</span><small>{:.2f}</small></li>')
    drawn = []
    for at, shares in points:
        told = f"{at:.2f}：" + "，".join(f"{name}{shares[key]:.1%}" for key, name in series.items())
        bars = NOTHING.join(_bar(key, shares[key]) for key in series)
        drawn.append(pair.format(Html(' class="here"') if at == nearest else NOTHING, told, bars, at))
    return _plot(_caption(title, series, ""), drawn)


def _bar(kind: str, share: float) -> Html:
    return Html('<svg class="{}" width="100%" height="{:.1f}%" aria-hidden="true"></svg>').format(kind, 100 * share)


def _plot(caption: Html, drawn: Sequence[Html]) -> Html:
    return Html('<div class="plot">{}<ol>{}</ol></div>').format(caption, NOTHING.join(drawn))


def _caption(title: str, series: Mapping[str, str], note: str) -> Html:
    legend = NOTHING.join(Html('<span class="{}">{}</span>').format(key, name) for key, name in series.items())
    return Html('<p><b>{}</b><span class="legend">{}</span><small>{}</small></p>').format(title, legend, note)


def _card(name: str, value: str, note: str) -> Html:
    more = Html('<small class="text">{}</small>').format(note) if note else NOTHING
    return Html('<div class="card"><span>{}</span><b class="text">{}</b>{}</div>').format(name, value, more)
