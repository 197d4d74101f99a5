"""Draws where the time of questions goes, as a flame graph: from stacks that py-spy sampled.

    make flame                                                  samples questions, and draws docs/flame.svg
    python -m benchmarks.speed.flame STACKS docs/flame.svg      draws stacks, one a line: frame;frame;… count

Only what runs below the assistant is drawn, and nothing that took under `LEAST` of it. The picture holds no script.
"""

import argparse
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html import escape
from pathlib import Path

ROOT = "Assistant.ask (qa/answering/assistant.py)"
LEAST = 0.002
WIDTH, ROW = 1000, 17  # pixels
LETTER = 6.2  # pixels of a letter
# By where the code lies: the networks first, for they take most.
COLOURS = (("infer (", "#c0392b"), ("(index/", "#e0b050"), ("(corpus/", "#9fb86b"), ("(qa/", "#8fa6b8"))
OTHER = "#d5d5d5"
_LINE = re.compile(r":\d+\)")


@dataclass(slots=True)
class Frame:
    """A function below its caller: samples in it and in what it called."""

    samples: int = 0
    called: "dict[str, Frame]" = field(default_factory=dict)


def grown(lines: Iterable[str]) -> Frame:
    """Return the tree of the frames below `ROOT`."""
    root = Frame()
    for line in lines:
        stack, _, count = line.rpartition(" ")
        frames = _LINE.sub(")", stack).split(";")
        if ROOT not in frames:
            continue
        at = root
        at.samples += int(count)
        for name in frames[frames.index(ROOT) + 1 :]:
            if "importlib" in name:  # a module that only the first question opens
                break
            at = at.called.setdefault(name, Frame())
            at.samples += int(count)
    return root


def boxes(name: str, frame: Frame, left: float, depth: int, whole: int) -> Iterator[tuple[str, float, float, int]]:
    """Yield each frame that is wide enough: its text, its left side and width (shares of the whole), its depth."""
    share = frame.samples / whole
    if share < LEAST:
        return
    yield name, left, share, depth
    for below, inside in sorted(frame.called.items(), key=lambda one: -one[1].samples):
        yield from boxes(below, inside, left, depth + 1, whole)
        left += inside.samples / whole


def drawn(root: Frame) -> str:
    """Return the picture as SVG, callers above what they call. Raises `ValueError` without samples."""
    if not root.samples:
        raise ValueError(f"No stack holds {ROOT}")
    found = list(boxes(ROOT, root, 0.0, 0, root.samples))
    height = ROW * (1 + max(depth for *_, depth in found))
    size = f'viewBox="0 0 {WIDTH} {height}" font-family="sans-serif" font-size="11"'
    lines = [f'<svg xmlns="http://www.w3.org/2000/svg" {size}>']
    for name, left, share, depth in found:
        x, wide = WIDTH * left, WIDTH * share
        colour = next((colour for mark, colour in COLOURS if mark in name), OTHER)
        lines.append(
            f'<g><title>{escape(name)}: {share:.1%}</title><rect x="{x:.1f}" y="{ROW * depth}" width="{wide:.1f}" '
            f'height="{ROW - 1}" fill="{colour}"/>{_label(name, x, wide, depth)}</g>'
        )
    return "\n".join([*lines, "</svg>\n"])


def _label(name: str, x: float, wide: float, depth: int) -> str:
    room = int((wide - 6) / LETTER)
    short = name.partition(" (")[0]
    text = name if len(name) <= room else short if len(short) <= room else ""
    return f'<text x="{x + 3:.1f}" y="{ROW * depth + 12}">{escape(text)}</text>' if text else ""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("stacks", type=Path)
    parser.add_argument("picture", type=Path)
    given = parser.parse_args()
    lines = given.stacks.read_text(encoding="utf-8").splitlines()
    given.picture.write_text(drawn(grown(lines)), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
