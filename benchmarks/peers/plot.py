"""The plot: what a citizen has to read, against whether the fact is in it."""

from collections.abc import Sequence
from pathlib import Path

from benchmarks.peers.figures import OURS, Measured

SET = "written"
_LABELS = {OURS: "ours"}  # the font of the plot has no Chinese


def draw(measured: Sequence[Measured], path: Path) -> None:
    """Write an SVG picture that is the same for the same figures."""
    import matplotlib

    matplotlib.use("svg")
    from matplotlib import pyplot

    pyplot.rcParams.update({"svg.hashsalt": "peers", "svg.fonttype": "none", "font.size": 9})
    shown = [(one, of) for one in reversed(measured) if (of := one.figures.get(SET))]
    figure, plane = pyplot.subplots(figsize=(6.8, 0.4 * len(shown) + 0.9), layout="constrained")
    bars = plane.barh(
        [_LABELS.get(one.key, one.label) for one, _ in shown],
        [100 * of.first for _, of in shown],
        color=["#b3261e" if one.key == OURS else "#8fa6b8" for one, _ in shown],
        height=0.6,
    )
    plane.bar_label(bars, [f"{100 * of.first:.0f} % in {of.read:.0f} characters" for _, of in shown], padding=4)
    plane.set_xlim(0, 125)
    plane.set_xticks(range(0, 101, 20))
    plane.set_xlabel("fact in what is shown first, % of questions; characters to read (median)")
    plane.spines[["top", "right"]].set_visible(False)
    figure.savefig(path, format="svg", metadata={"Date": None})
    pyplot.close(figure)
