"""金标问题: the golden questions as staff keep them, each with what two snapshots gave to it."""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from corpus.text.normalise import normalise
from index.files import atomic, locks
from index.snapshots.snapshot import SnapshotDamaged
from qa.answering.reply import Turn
from qa.answering.screening import MAX_QUESTION, clean
from qa.evaluation.golden import read_golden
from qa.evaluation.results import GoldenResult
from qa.publishing import records
from qa.publishing.serving import store_of
from qa.runtime.errors import Missing, Overtaken, StaffRefused, Unfit
from qa.staff.permissions import Area, Role, needs
from qa.storage import versioned_rows

LOCK = "golden.lock"
LOCK_SECONDS = 10.0
MOST_WORDS = 600
_PREFIX = "s"  # of the ids that are given here


class GoldenNotWritten(StaffRefused):
    """The file of the golden questions cannot be written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewGolden:
    """A golden question as filled in: a string of every group of `must` has to stand in the reply.

    `evidence` are the words of the document that hold the answer. A question that is not `answerable` has neither.
    """

    question: str
    must: tuple[tuple[str, ...], ...] = ()
    evidence: str = ""
    tags: tuple[str, ...] = ()
    answerable: bool = True
    history: tuple[Turn, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldenEntry(NewGolden):
    """A golden question in the file; `version` is a hash of its line."""

    id: str
    version: str

    def as_new(self) -> NewGolden:
        """What was filled in, to be changed."""
        return NewGolden(**{name: getattr(self, name) for name in NewGolden.__dataclass_fields__})

    def as_json(self) -> dict[str, Any]:
        return {**_content(self.id, self, {}), "version": self.version}


@dataclass(frozen=True, slots=True)
class GoldenRow:
    """A golden question with what two snapshots gave to it, None where it was not asked as it is now.

    `gates` says that the published one answers as wanted, so that a refresh which loses it is not published.
    """

    entry: GoldenEntry
    published: GoldenResult | None
    candidate: GoldenResult | None

    @property
    def gates(self) -> bool:
        return self.published is not None and self.published.acceptable


class GoldenManagement(Area):
    """The golden questions: seen with their results, added, changed, removed."""

    @needs(Role.EDITOR)
    def rows(self, *, text: str = "", tag: str = "") -> list[GoldenRow]:
        """The questions in the order of their file. Raises `QuestionFileError` when the file cannot be read."""
        published, candidate = self.compared()
        was, now = self._given(published), self._given(candidate)
        return [
            GoldenRow(entry, _of(was, entry), _of(now, entry))
            for entry in map(_entry, self._lines())
            if normalise(text.strip()) in normalise(entry.question) and (not tag or tag in entry.tags)
        ]

    @needs(Role.EDITOR)
    def compared(self) -> tuple[str, str]:
        """The published snapshot, and the newest one built after it that is not; empty where there is none."""
        store = store_of(self._settings.home)
        try:
            published = store.published() or ""
        except SnapshotDamaged:
            published = ""
        newer = [name for name in store.names() if name > published]
        return published, newer[-1] if newer else ""

    @needs(Role.EDITOR)
    def get(self, golden_id: str) -> GoldenEntry:
        """One question. Raises `Missing`."""
        lines = self._lines()
        return _entry(lines[_place(lines, golden_id)])

    @needs(Role.EDITOR)
    def add(self, new: NewGolden, *, why: str = "") -> GoldenEntry:
        """Write a question into the file; the next refresh asks it. Raises `Unfit`, `GoldenNotWritten`."""
        new = _checked(new)

        def added(lines: list[bytes]) -> GoldenEntry:
            known = [_entry(line) for line in lines]
            _once(new, known)
            used = [int(entry.id[1:]) for entry in known if entry.id[0] == _PREFIX and entry.id[1:].isdecimal()]
            line = _line(f"{_PREFIX}{max(used, default=0) + 1:03d}", new, {})
            lines.append(line)
            return _entry(line)

        return self._rewritten("add", added, why=why)

    @needs(Role.PUBLISHER)
    def change(self, golden_id: str, version: str, new: NewGolden, *, why: str) -> GoldenEntry:
        """Put another question in the place of one, which guards the next refresh no more as it was.

        Raises `Overtaken`, `Missing`, `Unfit`, `GoldenNotWritten`.
        """
        why = versioned_rows.filled(why, "修改的原因", most=MOST_WORDS)
        new = _checked(new)

        def changed(lines: list[bytes]) -> GoldenEntry:
            place = _place(lines, golden_id, version)
            _once(new, [entry for entry in map(_entry, lines) if entry.id != golden_id])
            # Fields that other tools put there stay.
            lines[place] = _line(golden_id, new, json.loads(lines[place]))
            return _entry(lines[place])

        return self._rewritten("change", changed, why=why, target=golden_id)

    @needs(Role.PUBLISHER)
    def remove(self, golden_id: str, version: str, *, why: str) -> None:
        """Ask a question no more. Raises `Overtaken`, `Missing`, `Unfit`, `GoldenNotWritten`."""
        why = versioned_rows.filled(why, "删除的原因", most=MOST_WORDS)

        def removed(lines: list[bytes]) -> GoldenEntry:
            place = _place(lines, golden_id, version)
            if len(lines) == 1:
                raise Unfit("这是最后一道金标问题，删除后刷新就不再检验；请先加一道新的")
            return _entry(lines.pop(place))

        self._rewritten("remove", removed, why=why, target=golden_id)

    def _rewritten(
        self, action: str, work: Callable[[list[bytes]], GoldenEntry], *, why: str, target: str = ""
    ) -> GoldenEntry:
        """Read, change and replace the file under its lock; what was there before goes into the audit log."""
        with self._audit.action(self._who, "golden", target=f"{action} {target}".strip(), why=why) as row:
            with self._locked():
                lines = self._lines()
                before = set(lines)
                entry = work(lines)
                try:
                    atomic.replace(self._settings.golden, b"".join(line + b"\n" for line in lines))
                except OSError as error:
                    raise GoldenNotWritten(
                        f"金标问题文件{self._settings.golden}写不进去（{error.strerror}）；请检查权限和磁盘空间"
                    ) from error
            gone = sorted(before - set(lines))
            row.target = f"{action} {entry.id}" + "".join(f" was {line.decode('utf-8', 'replace')}" for line in gone)
            return entry

    @contextmanager
    def _locked(self) -> Iterator[None]:
        self._settings.home.mkdir(parents=True, exist_ok=True)
        try:
            with locks.held(self._settings.home / LOCK, who=self._who, doing="golden", wait=LOCK_SECONDS):
                yield
        except locks.LockHeld as error:
            by = error.holder.who if error.holder else "另一位同事"
            raise Overtaken(f"{by}正在改金标问题，您的改动没有保存；请稍后再试") from error

    def _lines(self) -> list[bytes]:
        """The lines of the file, none when there is no file; one that is no golden question is told of."""
        path = self._settings.golden
        if not path.exists():
            return []
        read_golden(path)
        return [line for line in path.read_bytes().removeprefix(b"\xef\xbb\xbf").split(b"\n") if line.strip()]

    def _given(self, snapshot: str) -> Mapping[str, GoldenResult]:
        try:
            record = records.read(store_of(self._settings.home), snapshot) if snapshot else None
        except SnapshotDamaged:
            return {}
        return {given.question_id: given for given in record.golden} if record else {}


def _of(given: Mapping[str, GoldenResult], entry: GoldenEntry) -> GoldenResult | None:
    """What was given to a question, if it was asked in these words."""
    found = given.get(entry.id)
    same = found and (found.question, found.answerable) == (entry.question, entry.answerable)
    return found if same else None


def _place(lines: list[bytes], golden_id: str, version: str | None = None) -> int:
    for place, line in enumerate(lines):
        if _entry(line).id == golden_id:
            if version is not None and _version(line) != version:
                raise Overtaken(f"金标问题{golden_id}已被别人改过，您的改动没有保存；请刷新页面后再改")
            return place
    raise Missing(f"没有编号为{golden_id}的金标问题，可能已被删除；请刷新页面")


def _once(new: NewGolden, known: list[GoldenEntry]) -> None:
    for entry in known:
        if (normalise(entry.question), entry.history) == (normalise(new.question), new.history):
            raise Unfit(f"已有同样的金标问题（{entry.id}），请直接修改那一道")


def _checked(new: NewGolden) -> NewGolden:
    question = versioned_rows.filled(clean(new.question), "问题", most=MAX_QUESTION)
    must = tuple(tuple(text for text in (text.strip() for text in group) if text) for group in new.must)
    tags = tuple(dict.fromkeys(tag.strip() for tag in new.tags if tag.strip()))
    if not new.answerable:
        if any(must):
            raise Unfit("文件里没有答案的问题应当拒答，不能填写“答案必须包含的字句”")
        return replace(new, question=question, must=(), evidence="", tags=tags)
    if not must or not all(must):
        raise Unfit("请填写答案必须包含的字句；只凭“有回答”不能算答对")
    for text in (text for group in must for text in group):
        versioned_rows.filled(text, "答案必须包含的字句", most=MOST_WORDS)
    evidence = versioned_rows.filled(new.evidence, "文件里的依据", most=MOST_WORDS)
    return replace(new, question=question, must=must, evidence=evidence, tags=tags)


def _line(golden_id: str, new: NewGolden, known: Mapping[str, Any]) -> bytes:
    return json.dumps(_content(golden_id, new, known), ensure_ascii=False).encode("utf-8", "replace")


def _content(golden_id: str, new: NewGolden, known: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **known,
        "id": golden_id,
        "question": new.question,
        "must": [list(group) for group in new.must],
        "evidence": new.evidence or None,
        "tags": list(new.tags),
        "answerable": new.answerable,
        "history": [[turn.question, turn.reply] for turn in new.history],
    }


def _entry(line: bytes) -> GoldenEntry:
    entry = json.loads(line)
    return GoldenEntry(
        id=str(entry["id"]),
        version=_version(line),
        question=str(entry["question"]),
        must=tuple(tuple(str(text) for text in group) for group in entry.get("must", [])),
        evidence=str(entry.get("evidence") or ""),
        tags=tuple(str(tag) for tag in entry.get("tags", [])),
        answerable=bool(entry["answerable"]),
        history=tuple(Turn(str(question), str(reply)) for question, reply in entry.get("history", [])),
    )


def _version(line: bytes) -> str:
    return hashlib.sha256(line).hexdigest()[:16]
