"""The panel of the page 发布: what one snapshot changes, file by file and question by question, in a clerk's words."""

from collections.abc import Sequence
from dataclasses import dataclass

from qa.bootstrap.errors import EXPECTED
from qa.evaluation.asked import ChangeKind, ReplyChange
from qa.evaluation.results import GoldenResult
from qa.publishing.difference import NOT_COMPARABLE, Difference
from qa.runtime.errors import Missing
from qa.staff import labels
from qa.staff.console import Console
from qa.staff.permissions import Role
from qa.staff.snapshots.listed import Listed
from qa.web.staff.pages.snapshots.view import note_of, state_of
from qa.web.staff.values import person, when
from qa.web.staff.versions import title_of

# Of each kind; the rest is counted.
MOST_SHOWN = 100
RIGHT, WRONG, NEVER = "✓", "✗", "—"
ANSWERED, CONFIRMED, NO_ANSWER = "有答案", "有答案（检验题已确认）", "没有答案"
INDIRECT = "不在改动的文件里，是别处的改动连带的"


@dataclass(frozen=True, slots=True)
class FileChange:
    """A file that a snapshot changes: how, and how many passages came and went."""

    what: str
    name: str
    passages: str


@dataclass(frozen=True, slots=True)
class Compared:
    """A question with its replies and their marks before and after; `cause` names the changed files that it cites."""

    question: str
    was_mark: str
    was: str
    now_mark: str
    now: str
    cause: str


@dataclass(frozen=True, slots=True)
class Kind:
    """The questions of one kind; `more` counts those that are left out."""

    title: str
    rows: tuple[Compared, ...]
    more: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """All that the panel shows. `seen` is the published snapshot; `compared` tells whether there is another one.

    `wished` tells that a colleague wants it published in spite of the golden questions, and this member may consent
    to that `wish`.
    `to_see` tells that it waits for somebody who looks at it, which is no use where files of it were `changed_again`.
    """

    name: str
    title: str
    facts: tuple[tuple[str, str], ...]
    held: str
    head: str
    files: tuple[FileChange, ...]
    kinds: tuple[Kind, ...]
    remark: str
    may_publish: bool
    needs_reason: bool
    wished: bool
    wish: str
    to_see: bool
    changed_again: tuple[str, ...]
    seen: str
    seen_title: str
    older: bool
    compared: bool


def panel(console: Console, found: Sequence[Listed], name: str, *, who: str) -> Panel:
    """Return the panel of a snapshot for the member `who`. Raises `Missing`, `SnapshotDamaged`."""
    one = next((one for one in found if one.name == name), None)
    if one is None:
        raise Missing(f"没有{title_of(name)}，可能已被清理；请刷新页面")
    published = next((other.name for other in found if other.published), "")
    against = published if name != published else _before(found, name)
    files, kinds, remark = _differences(console, against, name)
    kinds = (*kinds[:1], *_replies(console, name, [file.name for file in files]), *kinds[1:])
    facts = (
        ("状态", state_of(one)),
        ("建立", f"{when(one.built_at)}，{person(one.who) or '？'}"),
        ("文件", f"{one.documents}个，{one.passages}个段落"),
        ("检验题", f"{one.golden_asked}道中{one.golden_right}道合格" if one.golden_asked else "没有检验"),
        ("说明", "" if one.unguarded else note_of(one)),
    )
    return Panel(
        name=name,
        title=title_of(name),
        facts=tuple((label, value) for label, value in facts if value),
        held="" if one.was_published and not one.unjudged and not one.wish else note_of(one),
        head=_head(name, published, against),
        files=files,
        kinds=kinds,
        remark=remark,
        # Who wants it waits for another person.
        may_publish=console.may(Role.PUBLISHER) and name != published and not (one.wished and one.wanted_by == who),
        needs_reason=one.unguarded or one.wished,
        wished=one.wished,
        wish=one.wish_key,
        to_see=one.only_looked_at,
        changed_again=console.documents.changed_again(name) if one.only_looked_at else (),
        seen=published,
        seen_title=title_of(published) if published else "（没有）",
        older=bool(published) and name < published,
        compared=bool(against),
    )


def _before(found: Sequence[Listed], name: str) -> str:
    """Return the snapshot that citizens saw before this one; empty if there was none."""
    earlier = [one.name for one in found if one.was_published and one.name < name]
    return earlier[-1] if earlier else ""


def _head(name: str, published: str, against: str) -> str:
    if not against:
        return "这是最早的一版，没有可以比较的"
    if name == published:
        return f"它比上一版（{title_of(against)}）改了什么"
    return f"换成这一版，市民看到的会有这些变化（与现在的{title_of(against)}比）"


def _differences(console: Console, against: str, name: str) -> tuple[tuple[FileChange, ...], tuple[Kind, ...], str]:
    """Return the changed files, the questions with other replies by kind, and what cannot be told."""
    if not against:
        return (), (), ""
    try:
        found = console.diff(against, name)
    except EXPECTED as error:
        return (), (), str(error)
    files = tuple(
        FileChange(labels.CHANGES[one.kind], one.document, _passages(one.passages_added, one.passages_removed))
        for one in found.changes
    )
    return files, _kinds(found) if found.comparable else (), "" if found.comparable else NOT_COMPARABLE


def _kinds(found: Difference) -> tuple[Kind, ...]:
    """Return the questions with other replies, those that became worse first."""
    compared = [compare(was, now, found.causes(was, now)) for was, now in found.golden]
    groups = (
        ("答得不如从前的检验题", [one for one in compared if one.was_mark == RIGHT and one.now_mark != RIGHT]),
        ("答得比从前好的检验题", [one for one in compared if one.was_mark != RIGHT and one.now_mark == RIGHT]),
        ("换了说法的检验题", [one for one in compared if (one.was_mark == RIGHT) == (one.now_mark == RIGHT)]),
    )
    return tuple(kind_of(f"{len(rows)}道{title}", rows) for title, rows in groups if rows)


def _replies(console: Console, name: str, changed: Sequence[str]) -> tuple[Kind, ...]:
    """Return the citizens' questions whose reply the snapshot changed when it was made, by kind."""
    try:
        found = console.replies(name)
    except EXPECTED:
        return ()
    titles = {
        ChangeKind.LOST: "个市民问过的问题，以前有答案，这一版没有",
        ChangeKind.NEW: "个市民问过的问题，以前没有答案，这一版有",
        ChangeKind.OTHER: "个市民问过的问题，答案变了",
    }
    return tuple(
        kind_of(f"{len(rows)}{title}", [_reply(one, changed) for one in rows])
        for kind, title in titles.items()
        if (rows := [one for one in found if one.kind is kind])
    )


def _reply(one: ReplyChange, changed: Sequence[str]) -> Compared:
    """Return a question of citizens in the words of the page; there is no mark, because nobody judged the replies."""
    cited = {*one.was.documents, *one.now.documents}
    causes = changed if len(changed) == 1 else [name for name in changed if name in cited]
    mark = CONFIRMED if one.confirmed else ANSWERED
    was, now = (" ".join(given.text.split()) for given in (one.was, one.now))
    return Compared(
        one.question,
        ANSWERED if one.was.answered else NO_ANSWER,
        was,
        mark if one.now.answered else NO_ANSWER,
        now,
        "、".join(causes) or INDIRECT,
    )


def kind_of(title: str, rows: Sequence[Compared]) -> Kind:
    """Return questions of one kind, as many as the page shows."""
    return Kind(title, tuple(rows[:MOST_SHOWN]), max(0, len(rows) - MOST_SHOWN))


def compare(was: GoldenResult | None, now: GoldenResult | None, causes: Sequence[str]) -> Compared:
    """Return a question with both replies in the words of the page."""
    known = now or was
    assert known is not None  # a pair holds at least one
    return Compared(known.question, *_given(was), *_given(now), "、".join(causes) or INDIRECT)


def _given(given: GoldenResult | None) -> tuple[str, str]:
    if given is None:
        return NEVER, "没有问过"
    return RIGHT if given.acceptable else WRONG, " ".join(given.text.split())


def _passages(added: int, removed: int) -> str:
    told = [f"多了{added}个段落" if added else "", f"少了{removed}个段落" if removed else ""]
    return "，".join(filter(None, told)) or "段落不变"
