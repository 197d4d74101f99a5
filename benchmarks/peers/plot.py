"""The plot: what a citizen has to read, against whether the fact is in it."""

from collections.abc import Sequence
from pathlib import Path

from benchmarks.peers.report import OURS, Measured

SET = "written"
_LABELS = {OURS: "ours"}  # the font of the plot has no Chinese


def draw(measured: Sequence[Measured], path: Path) -> None:
    """Write an SVG picture that is the same for the same figures."""
    import matplotlib

    matplotlib.use("svg")
    from matplotlib import pyplot

    pyplot.rcParams.update({"svg.hashsalt": "peers", "svg.fonttype": "none", "font.size": 9})
    figure, plane = pyplot.subplots(figsize=(6.4, 3.4), layout="constrained")
    for one in measured:
        if not (of := one.figures.get(SET)):
            continue
        colour = "#b3261e" if one.key == OURS else "#33526e"
        plane.scatter([of.read], [100 * of.first], color=colour, zorder=3)
        plane.annotate(
            _LABELS.get(one.key, one.label),
            (of.read, 100 * of.first),
            xytext=(6, 5),
            textcoords="offset points",
            color=colour,
        )
    plane.set_xscale("log")
    plane.set_xlabel("characters of what is shown first (median)")
    plane.set_ylabel("fact in it, % of questions")
    plane.set_ylim(0, 100)
    plane.grid(alpha=0.3)
    figure.savefig(path, format="svg", metadata={"Date": None})
    pyplot.close(figure)
