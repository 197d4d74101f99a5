"""Figures and plots of the staff pages."""

from qa.web.staff import charts

HOSTILE = '"><img src=x onerror=fired()>**_[x](javascript:fired())'


def test_markup_shows_texts_as_texts() -> None:
    shown = [
        charts.cards([(HOSTILE, HOSTILE, HOSTILE)]),
        charts.heading(HOSTILE),
        charts.notes([HOSTILE]),
        charts.rows([HOSTILE], [[HOSTILE]]),
        charts.columns(HOSTILE, {"failed": HOSTILE}, [(HOSTILE, {"failed": 2})]),
        charts.curves(HOSTILE, {"failed": HOSTILE}, [(0.5, {"failed": 0.5})], here=0.5),
    ]
    for markup in shown:
        assert "<img" not in markup and "**" not in markup and "](" not in markup and "&#34;&#62;&#60;img" in markup
