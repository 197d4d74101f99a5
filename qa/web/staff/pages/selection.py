"""One action for several rows of a list: each is done by itself, and told by itself."""

from collections.abc import Callable, Sequence

from qa.runtime.errors import Unfit
from qa.web.staff.pages.frame import Form, Outcome, attempt

# The rows of a page, and some.
MOST = 200
NONE_CHOSEN = "请先在列表里勾选"


def chosen(form: Form) -> list[tuple[str, str]]:
    """Return the version and the name of each row that a form selects, as `version:name`; each once. Raises `Unfit`."""
    pairs = [box.partition(":") for box in _boxes(form)]
    if not pairs:
        raise Unfit(NONE_CHOSEN)
    if len(pairs) > MOST:
        raise Unfit(f"一次最多选{MOST}个，现在是{len(pairs)}个；请分几次")
    return [(version, name) for version, _, name in pairs]


def _boxes(form: Form) -> list[str]:
    """Return the boxes that are checked; of several for one row the first."""
    first: dict[str, str] = {}
    for box in form.texts("chosen"):
        first.setdefault(box.partition(":")[2], box)
    return list(first.values())


def still_chosen(form: Form, told: Sequence[Outcome]) -> frozenset[str]:
    """Return the boxes that stay checked: those of the rows with which nothing was done."""
    boxes = _boxes(form)
    return frozenset(boxes[:MOST] if not told else (box for box, one in zip(boxes, told, strict=True) if not one.done))


def each(rows: Sequence[tuple[str, str]], act: Callable[[str, str], str]) -> list[Outcome]:
    """Run an action on version and name of each row; return what became of it, in the words that `act` returns."""
    told = []
    for version, name in rows:
        words = ""

        def done(version: str = version, name: str = name) -> None:
            nonlocal words
            words = act(version, name)

        outcome = attempt(done)
        told.append(Outcome(True, words) if outcome.done else Outcome(False, f"{name}：{outcome.sentence}"))
    return told
