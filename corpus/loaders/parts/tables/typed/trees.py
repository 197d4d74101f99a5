"""Trees that are drawn with branches in plain texts, as lists: ├── 办公室 is a line below the one it hangs on."""

import re

# What a line of a tree begins with: the trunks that pass it, then its own branch.
_BRANCH = re.compile(
    r"^(?P<trunks>(?:[ \t\u3000\u00a0]*[│┃|║])*[ \t\u3000\u00a0]*)(?:[├└┣┗╠╚╰][─━═-]+|[|`+]--+)[ \t]*(?=[^\s|+:-])"
)
_WIDE = "\u3000│┃║"
_LEAST = 2  # branches


def with_lists(text: str) -> str:
    """Return a text in which the branches of a tree are the items of a list; any other text as it is."""
    lines = text.split("\n")
    branches = [_BRANCH.match(line) for line in lines]
    if sum(map(bool, branches)) < _LEAST:
        return text
    depths: list[int] = []  # how far the lines around the one that is read stand to the right
    for number, branch in enumerate(branches):
        if not branch:
            depths.clear()
            continue
        depth = sum(2 if char in _WIDE else 1 for char in branch["trunks"])
        while depths and depths[-1] >= depth:
            depths.pop()
        depths.append(depth)
        lines[number] = f"{'  ' * (len(depths) - 1)}- {lines[number][branch.end() :]}"
    return "\n".join(lines)
