"""Figures, lists and plots of the staff area as markup; all texts are escaped.

The plots are drawn with HTML elements: Gradio's own need `unsafe-eval`, which the content policy forbids.
"""

from collections.abc import Mapping, Sequence

from qa.web.html import escape


def cards(figures: Sequence[tuple[str, str, str]]) -> str:
    """Return figures side by side: name, amount and note of each."""
    return '<div class="cards">' + "".join(_card(*figure) for figure in figures) + "</div>"


def facts(pairs: Sequence[tuple[str, str]]) -> str:
    """Return names with their values, one row each; rows without a value are left out."""
    rows = "".join(
        f'<li><b>{escape(name)}</b><span class="text">{escape(value)}</span></li>' for name, value in pairs if value
    )
    return f'<ul class="facts">{rows}</ul>' if rows else ""


def notes(lines: Sequence[str], kind: str = "") -> str:
    """Return sentences, one a line."""
    items = "".join(f'<li class="text">{escape(line)}</li>' for line in lines)
    return f'<ul class="notes {kind}">{items}</ul>' if items else ""


def rows(headers: Sequence[str], cells: Sequence[Sequence[str]]) -> str:
    """Return a table to read; empty without rows."""
    if not cells:
        return ""
    head = "".join(f"<th>{escape(name)}</th>" for name in headers)
    body = "".join("<tr>" + "".join(f'<td class="text">{escape(cell)}</td>' for cell in row) + "</tr>" for row in cells)
    return f'<div class="rows"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'


def meter(share: float, text: str) -> str:
    """Return a bar for a share (0–1), and the sentence that explains it."""
    width = round(100 * min(1.0, max(0.0, share)))
    return f'<div class="meter"><i style="width:{width}%"></i></div><p class="text">{escape(text)}</p>'


def columns(title: str, series: Mapping[str, str], buckets: Sequence[tuple[str, Mapping[str, int]]]) -> str:
    """Return stacked columns; `series` maps the keys of the counts to their names, in the order of the stack."""
    most = max((sum(counts.get(key, 0) for key in series) for _, counts in buckets), default=0) or 1
    drawn = []
    for label, counts in buckets:
        parts = [(key, counts.get(key, 0)) for key in series]
        told = "，".join(f"{series[key]}{count}" for key, count in parts if count) or "没有提问"
        stack = "".join(
            f'<i class="{key}" style="height:{100 * count / most:.1f}%"></i>' for key, count in parts if count
        )
        drawn.append(
            f'<li title="{escape(f"{label}：{told}")}"><span>{stack}</span><small>{escape(label)}</small></li>'
        )
    return f'<div class="plot">{_caption(title, series, f"最高{most}")}<ol>{"".join(drawn)}</ol></div>'


def curves(
    title: str, series: Mapping[str, str], points: Sequence[tuple[float, Mapping[str, float]]], *, here: float
) -> str:
    """Return the shares (0–1) at each threshold as pairs of bars; the one nearest to `here` is marked."""
    nearest = min((at for at, _ in points), key=lambda at: abs(at - here), default=None)
    drawn = []
    for at, shares in points:
        told = f"{at:.2f}：" + "，".join(f"{name}{shares[key]:.1%}" for key, name in series.items())
        bars = "".join(f'<i class="{key}" style="height:{100 * shares[key]:.1f}%"></i>' for key in series)
        kind = ' class="here"' if at == nearest else ""
        drawn.append(f'<li{kind} title="{escape(told)}"><span class="beside">{bars}</span><small>{at:.2f}</small></li>')
    return f'<div class="plot">{_caption(title, series, "")}<ol>{"".join(drawn)}</ol></div>'


def _caption(title: str, series: Mapping[str, str], note: str) -> str:
    legend = "".join(f'<span class="{key}">{escape(name)}</span>' for key, name in series.items())
    return f'<p><b>{escape(title)}</b><span class="legend">{legend}</span><small>{note}</small></p>'


def _card(name: str, value: str, note: str) -> str:
    more = f'<small class="text">{escape(note)}</small>' if note else ""
    return f'<div class="card"><span>{escape(name)}</span><b class="text">{escape(value)}</b>{more}</div>'
