"""From files to citizens: what waits, how far the refresh is, and how the last one ended."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from corpus.conversion.container import lies_in
from qa.bootstrap.errors import EXPECTED
from qa.evaluation.asked import ChangeKind
from qa.publishing import progress as progresses
from qa.publishing.progress import State, told
from qa.runtime.errors import Overtaken
from qa.runtime.settings import Settings
from qa.staff import jobs
from qa.staff.accounts.members import Member
from qa.staff.console import Console
from qa.staff.documents.listing import DocumentRow, DocumentStatus
from qa.staff.permissions import MOST_REASON, Role
from qa.web.staff.pages.snapshots.view import note_of
from qa.web.staff.values import person, when
from qa.web.staff.versions import in_words, title_of

KINDS = {DocumentStatus.NEW: "新增", DocumentStatus.CHANGED: "改过", DocumentStatus.REMOVED: "已删去"}
# The steps of a refresh, for whom neither vectors nor an index mean anything.
STEPS = {**progresses.WORDS, "embed": "整理段落", "index": "编好查找用的目录", "save": "存好，再核对一遍"}
MOST_NAMED = 5
# Said of a refresh after the buttons were pressed, as long as it runs.
BEGUN, STOPPING = "发布已开始，关上这个页面也会继续", "已要求停下，市民看到的不变"
ENDS = {
    "failed": "上一次发布出错，市民看到的不变",
    "interrupted": "上一次发布已停下，市民看到的不变；做过的下次接着用",
}


@dataclass(frozen=True, slots=True)
class Fallen:
    """A question that the new snapshot answers otherwise, and the changed file that it comes from, if it is known.

    `was_right` tells whether the present reply is the right one.
    """

    question: str
    was: str
    now: str
    cause: str = ""
    was_right: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Publishing:
    """All that the page says of it. `share` (0–1) is how far a running refresh is, None when none runs.

    `held` says why the last snapshot, `built`, was not published instead of `published`; with `to_see` because nobody
    looked at the `fresh` answers yet, which is no use any more where files of it were `changed_again`. `stopping` names
    the changed files that it comes from, `others` tells that more wait. `lost` and `changed` count the citizens'
    questions whose answer is gone or other. `began` says when a running refresh began.
    """

    waiting: tuple[str, ...]
    stopping: tuple[str, ...]
    others: bool
    may_publish: bool
    share: float | None
    running: str
    began: str
    ended: str
    held: str
    fallen: tuple[Fallen, ...]
    built: str
    published: str
    to_see: bool
    changed_again: tuple[str, ...]
    lost: int
    changed: int
    fresh: tuple[Fallen, ...]


def publishing(console: Console, documents: Sequence[DocumentRow]) -> Publishing:
    """Return how the files stand to what citizens see."""
    state = console.progress()
    running = bool(state and state["running"])
    report = console.report()
    held, published = "" if running else held_back(console, documents), console.overview().snapshot or ""
    replies = report.get("replies", []) if report and not running else []
    built = str(report["built"] or "") if report else ""
    causes = _causes(console, published, built) if held else {}
    fallen = _fallen(report, causes) if report and held else ()
    stopping = tuple(dict.fromkeys(name for one in fallen for name in causes.get(one.question, ())))
    changed = [row.name for row in documents if row.status in KINDS]
    waiting = tuple(_waiting(documents))
    to_see = bool(held and report and report.get("to_see"))
    return Publishing(
        waiting=waiting,
        stopping=stopping,
        others=any(not any(lies_in(one, name) for one in stopping) for name in changed),
        may_publish=console.may(Role.PUBLISHER),
        share=share(state) if state and running else None,
        running=words(state) if state and running else "",
        began=str(state["started_at"]) if state and running else "",
        ended=_ended(console, state, report, published, waits=bool(waiting)) if state and not running else "",
        held=held,
        fallen=fallen,
        built=built,
        published=published,
        to_see=to_see,
        changed_again=console.documents.changed_again(built) if to_see else (),
        lost=sum(one["kind"] == ChangeKind.LOST for one in replies),
        changed=sum(one["kind"] == ChangeKind.OTHER for one in replies),
        fresh=tuple(
            Fallen(one["question"], one["was"]["text"], one["now"]["text"])
            for one in replies
            if held and one["kind"] == ChangeKind.NEW and not one["confirmed"]
        ),
    )


def begin(console: Console, settings: Settings, member: Member, **order: Any) -> None:
    """Begin a refresh for a member. Raises `NotBegun`, `NotAllowed`, `Unfit`; `Overtaken` while another one runs."""
    # The process would refuse as well, in the words of the command line.
    if console.may(Role.PUBLISHER) and (running := console.overview().refreshing):
        who = f"{person(running.who)}正在发布（{when(running.since)}开始）"
        raise Overtaken(f"{who}，没有另外开始；进度就在这一页，请等它结束再看")
    jobs.refresh(settings, who=member.name, role=member.role, **order)


def still_true(said: str, now: Publishing) -> str:
    """Return what was said after a button was pressed; empty where it is over and the page tells how it ended."""
    over = now.share is None and (now.ended or now.held)
    return "" if over and said in (BEGUN, STOPPING) else said


def leave_out(console: Console, built: str) -> tuple[str, ...]:
    """Leave out of what is published the files that stopped the snapshot `built`; return their names.

    Raises `NotAllowed`, and `Overtaken` if meanwhile another refresh ended otherwise, or somebody changed one of the
    files.
    """
    console.require(Role.PUBLISHER, "leave out")
    now = publishing(console, console.documents.list())
    if not now.stopping or now.built != built:
        raise Overtaken("刚才又有人发布过，拦住发布的已经不是这些文件；请看过再点")
    return console.documents.leave_out(now.stopping, why=f"拦住发布：{now.held}"[:MOST_REASON], built=built)


def held_back(console: Console, documents: Sequence[DocumentRow]) -> str:
    """Return why the last refresh was not published, as long as nobody publishes what it built; else nothing.

    Nothing, too, where all that it would have changed was changed back: then nothing waits.
    """
    report = console.report()
    if report is None or report["published"]:
        return ""
    waits = next((one for one in console.snapshots() if one.name == report["built"] and not one.was_published), None)
    if waits is None:
        return ""
    if waits.wish:
        return note_of(waits)
    over = not any(row.status in KINDS for row in documents) and console.documents.changed_again(waits.name)
    return "" if over else in_words(str(report["why"]))


def _fallen(report: Mapping[str, Any], causes: Mapping[str, Sequence[str]]) -> tuple[Fallen, ...]:
    named = {question: "、".join(files) for question, files in causes.items()}
    return tuple(
        Fallen(one["question"], one["was"], one["now"], named.get(one["question"], ""), one.get("was_acceptable", True))
        for one in report["compared"]
    )


def _causes(console: Console, published: str, built: str) -> dict[str, tuple[str, ...]]:
    """Return by question which changed files its other reply comes from; nothing where the snapshots do not tell."""
    try:
        found = console.diff(published, built) if published and built else None
    except EXPECTED:
        return {}
    pairs = found.golden if found and found.comparable else ()
    known = ((now or was, found.causes(was, now) if found else ()) for was, now in pairs)
    return {one.question: causes for one, causes in known if one and causes}


def _waiting(documents: Sequence[DocumentRow]) -> list[str]:
    lines = []
    for status, word in KINDS.items():
        names = [row.name for row in documents if row.status is status]
        if names:
            more = f"等{len(names)}个" if len(names) > MOST_NAMED else ""
            lines.append(f"{word}：{'、'.join(names[:MOST_NAMED])}{more}")
    return lines


def share(state: Mapping[str, Any]) -> float:
    """Return how far a running refresh is (0–1)."""
    within = state["done"] / state["total"] if state["total"] else 0.0
    return float((state["step_number"] - 1 + within) / state["steps"])


def words(state: Mapping[str, Any]) -> str:
    """Return who runs a refresh since when, and how far it is."""
    known = {name: value for name, value in state.items() if name != "running"}
    return f"{person(state['who'])}，{when(state['started_at'])}开始：{told(State(**known), STEPS)}"


def _ended(
    console: Console, state: Mapping[str, Any], report: Mapping[str, Any] | None, published: str, *, waits: bool
) -> str:
    """Return how the last refresh ended; nothing where it went well and the next one waits."""
    who = f"{person(state['who'])}，{when(state['updated_at'])}"
    if state["state"] in ENDS:
        why = f"（停在“{STEPS[state['step']]}”）{state['message']}"
        return f"{ENDS[state['state']]}{why}。{who}"
    if report is None or not report["published"]:
        return ""
    if published and published != report["published"]:
        row, now = console.switched(published), title_of(published)
        by = f"{row.who}在{when(row.at)}" if row else ""
        return f"{title_of(report['published'])}发布以后（{who}），{by}换成了{now}：市民现在看到的是{now}"
    if waits:
        return ""
    golden = f"；检验题{report['golden_asked']}道中{report['golden_right']}道合格" if report["golden_asked"] else ""
    if report["built"] is None:
        return f"文件没有变化，市民看到的不变。{who}"
    return f"已发布：市民现在看到的就是这{report['documents']}个文件{golden}。{who}"
