"""Figures of a set out of the records of its questions; they can be worked out again from the JSON at any time."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import groupby
from statistics import fmean
from typing import Any

Row = Mapping[str, Any]  # a record as JSON
Figures = dict[str, float]

DEPTHS = (1, 3, 6, 20, 50)
WAYS = ("dense", "lexical", "fused")
WRONG_AT = (0.02, 0.03, 0.05)  # two confidences are compared where they let the same share of wrong answers through
SHOWN_AT = (0.02, 0.05, 0.10, 0.20)
BINS = 10
RIGHT, WRONG, HELD, SHOWN = "right", "wrong", "held", "shown"


def figures(rows: Sequence[Row]) -> Figures:
    """Return all figures that the records allow, shares between 0 and 1."""
    if not rows:
        return {}
    if "outcome" not in rows[0]:
        return {"asked": len(rows), "em": _mean(r["em"] for r in rows), "f1": _mean(r["f1"] for r in rows)}
    return {
        **outcomes(rows),
        **_texts(rows),
        **_recall(rows),
        **_alone(rows),
        **_calibration(rows),
        **_thresholds(rows),
        **_times(rows),
        **_sizes(rows),
    }


def by_tag(rows: Sequence[Row]) -> dict[str, Figures]:
    """Return the outcomes of each kind of question."""
    tags = sorted({tag for row in rows for tag in row.get("tags", ())})
    return {tag: outcomes([row for row in rows if tag in row["tags"]]) for tag in tags}


def outcomes(rows: Sequence[Row]) -> Figures:
    """Return the shares of answerable questions right, wrong or held, and of others shown or unfitly refused."""
    answerable, others = _split(rows)
    counted: Figures = {"asked": len(rows), "answerable": len(answerable)}
    if answerable:
        counted |= {name: _share(answerable, name) for name in (RIGHT, WRONG, HELD)}
    if others:
        counted |= {SHOWN: _share(others, SHOWN), "unfit": _share(others, "unfit")}
    return counted


def at_threshold(rows: Sequence[Row], threshold: float) -> Figures:
    """Return right, wrong and near misses that would be shown at another threshold."""
    answerable, others = _split(rows)
    given: Figures = {"threshold": threshold}
    for name, among in ((RIGHT, answerable), (WRONG, answerable), (SHOWN, others)):
        if among:
            given[name] = sum(r["would"] == name and r["confidence"] >= threshold for r in among) / len(among)
    return given


def area(positive: Sequence[float], negative: Sequence[float]) -> float:
    """Return the share of pairs in which the positive has the higher score (ROC AUC); a tie counts half."""
    both = sorted([(score, True) for score in positive] + [(score, False) for score in negative])
    wins, below = 0.0, 0
    for _, tied in groupby(both, key=lambda one: one[0]):
        kinds = [is_positive for _, is_positive in tied]
        others = len(kinds) - sum(kinds)
        wins += sum(kinds) * (below + others / 2)
        below += others
    return wins / (len(positive) * len(negative))


def _split(rows: Sequence[Row]) -> tuple[list[Row], list[Row]]:
    return [row for row in rows if row["answerable"]], [row for row in rows if not row["answerable"]]


def _share(rows: Sequence[Row], outcome: str) -> float:
    return _mean(row["outcome"] == outcome for row in rows)


def _mean(values: Iterable[float]) -> float:
    return fmean(list(values) or [0.0])


def _texts(rows: Sequence[Row]) -> Figures:
    """Return how close the shown words are to the wanted ones, how many they are, and whether yes and no were right."""
    given: Figures = {}
    answered = [row for row in rows if row["outcome"] in (RIGHT, WRONG)]
    scored = [row for row in answered if row["em"] is not None]
    if scored:
        given |= {"short_em": _mean(r["em"] for r in scored), "short_f1": _mean(r["f1"] for r in scored)}
        given["placed"] = sum(bool(row["placed"]) for row in scored) / sum(row["answerable"] for row in rows)
    if shown := [row for row in rows if row["outcome"] in (RIGHT, WRONG, SHOWN)]:
        given["length"] = _mean(row["length"] for row in shown)
    if polar := [row for row in answered if row["polarity"]]:
        given["yes_or_no"] = sum(row["polarity"] == "as it is" for row in polar) / len(polar)
        given["yes_or_no_contrary"] = sum(row["polarity"] == "contrary" for row in polar) / len(polar)
    return given


def _recall(rows: Sequence[Row]) -> Figures:
    ranked = [row["ranks"] for row in rows if row["ranks"]]
    given: Figures = {}
    for way in WAYS if ranked else ():
        places = [ranks[way] for ranks in ranked]
        given |= {f"{way}_{depth}": _mean(bool(p and p <= depth) for p in places) for depth in DEPTHS}
        given[f"{way}_mrr"] = _mean(1 / place if place else 0.0 for place in places)
    return given


def _alone(rows: Sequence[Row]) -> Figures:
    read = [row for row in rows if row["alone"]]
    answerable, others = _split(read)
    if not answerable or not others:
        return {}
    scores = [row["alone"]["score"] for row in answerable]
    given = {"alone_auc": area(scores, [row["alone"]["score"] for row in others])}
    for name in ("em", "f1", "right"):
        if known := [row["alone"][name] for row in answerable if name in row["alone"]]:
            given[f"alone_{name}"] = _mean(known)
    for share in SHOWN_AT:
        bound = _least(others, lambda row: row["alone"]["score"], share)
        sure = [row["alone"].get("right", 0) and row["alone"]["score"] > bound for row in answerable]
        given[f"alone_right_at_shown_{share:.0%}"] = sum(map(bool, sure)) / len(sure)
    return given


def _least(rows: Sequence[Row], score: Callable[[Row], float], share: float) -> float:
    """Return the score above which no more than a share of the rows lies."""
    descending = sorted((score(row) for row in rows), reverse=True)
    allowed = int(share * len(rows) + 1e-9)
    return descending[allowed] if allowed < len(descending) else float("-inf")


def _calibration(rows: Sequence[Row]) -> Figures:
    """Return the expected calibration error in ten bins: confidence against right, of all that could be shown."""
    open_to = [row for row in rows if row["would"] in (RIGHT, WRONG, SHOWN)]
    if not open_to:
        return {}
    error = 0.0
    for low in range(BINS):
        inside = [row for row in open_to if min(int(row["confidence"] * BINS), BINS - 1) == low]
        if inside:
            sure, right = _mean(r["confidence"] for r in inside), _mean(r["would"] == RIGHT for r in inside)
            error += abs(sure - right) * len(inside) / len(open_to)
    given = {"calibration_error": error, "open_to_threshold": len(open_to) / len(rows)}
    answers, others = (
        [r["confidence"] for r in open_to if r["would"] == RIGHT],
        [r["confidence"] for r in open_to if r["would"] != RIGHT],
    )
    return given | ({"confidence_auc": area(answers, others)} if answers and others else {})


def _thresholds(rows: Sequence[Row]) -> Figures:
    """Return what is right and shown at the lowest thresholds that allow only so many wrong answers or near misses."""
    answerable, others = _split(rows)
    candidates = sorted({row["confidence"] for row in rows}) + [float("inf")]
    given: Figures = {}
    for kind, shares, among in ((WRONG, WRONG_AT, answerable), (SHOWN, SHOWN_AT, others)):
        for share in shares if among else ():
            low, high = 0, len(candidates) - 1
            while low < high:  # the share falls as the threshold rises
                middle = (low + high) // 2
                fits = at_threshold(among, candidates[middle]).get(kind, 0.0) <= share
                low, high = (low, middle) if fits else (middle + 1, high)
            found = at_threshold(rows, candidates[low])
            name = f"at_{kind}_{share:.0%}"
            given |= {f"{which}_{name}": found[which] for which in (RIGHT, WRONG, SHOWN) if which in found}
            given[f"threshold_{name}"] = min(found["threshold"], 1.01)
    return given


def _times(rows: Sequence[Row]) -> Figures:
    times = sorted(row["milliseconds"] for row in rows if row["milliseconds"] is not None)
    if not times:
        return {}
    return {"p50_ms": times[len(times) // 2], "p95_ms": times[min(len(times) - 1, int(len(times) * 0.95))]}


def _sizes(rows: Sequence[Row]) -> Figures:
    """Return how far the confidences of one question differ in folders of different sizes."""
    same: dict[str, list[Row]] = {}
    for row in rows:
        if "@" in row["question_id"]:
            same.setdefault(row["question_id"].split("@")[0], []).append(row)
    apart = [[row["confidence"] for row in group] for group in same.values() if len(group) > 1]
    if not apart:
        return {}
    differing = [len({row["outcome"] for row in group}) > 1 for group in same.values() if len(group) > 1]
    return {"confidence_apart": _mean(max(c) - min(c) for c in apart), "outcome_differs": _mean(differing)}
