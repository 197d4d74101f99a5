"""Defines what a golden question may hold; reads and replaces their file whole, under a lock."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from corpus.text.normalise import normalise
from index.files import atomic, locks
from index.snapshots.errors import StoreError
from qa.answering.reply import Turn
from qa.answering.screening import MAX_QUESTION, clean
from qa.evaluation.golden import read_golden
from qa.publishing.shared.folder import SharedFolder
from qa.runtime.errors import Missing, Overtaken, StaffRefused, Unfit
from qa.service.questions import MAX_TURN_CHARACTERS, MAX_TURNS
from qa.storage import versioned_rows

LOCK = "golden.lock"
LOCK_SECONDS = 10.0
MOST_WORDS = 600
# Limits, because every question is asked at each refresh and its changes stay in the database and the audit log.
MOST_PARTS, MOST_TAG = 30, 40


class GoldenNotWritten(StaffRefused):
    """The file of the golden questions cannot be written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewGolden:
    """A golden question as filled in: the reply must contain a string of every group of `must`.

    `evidence` is the wording of the document that holds the answer. Only an `answerable` question has the two.
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
        """Return the part that staff filled in, for a change."""
        return NewGolden(**{name: getattr(self, name) for name in NewGolden.__dataclass_fields__})

    def as_json(self) -> dict[str, Any]:
        return {**_content(self.id, self, {}), "version": self.version}


class GoldenFile:
    """The file at `path`; its lock lies in the folder `home` and names `who` to those who find it locked."""

    def __init__(self, path: Path, home: Path, *, who: str, shared: SharedFolder | None = None) -> None:
        """With `shared` other machines have the same file."""
        self._path = path
        self._home = home
        self._who = who
        self._shared = shared

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keep others from changing the file while the block runs. Raises `Overtaken`."""
        self._home.mkdir(parents=True, exist_ok=True)
        try:
            with locks.held(self._home / LOCK, who=self._who, doing="golden", wait=LOCK_SECONDS):
                if self._shared is None:
                    yield
                    return
                with self._shared.changing(who=self._who):
                    yield
        except locks.LockHeld as error:
            by = error.holder.who if error.holder else "另一位同事"
            raise Overtaken(f"{by}正在改检验题，您的改动没有保存；请稍后再试") from error
        except StoreError as error:
            raise GoldenNotWritten(f"您的改动没有保存：{error}") from error

    def lines(self) -> list[bytes]:
        """Return the lines of the file; empty without a file. Raises `QuestionFileError` if a line is invalid."""
        if not self._path.exists():
            return []
        read_golden(self._path)
        return [line for line in self._path.read_bytes().removeprefix(b"\xef\xbb\xbf").split(b"\n") if line.strip()]

    def write(self, lines: Sequence[bytes]) -> None:
        """Replace the file by these lines; they are on the disk on return. Raises `GoldenNotWritten`."""
        try:
            content = b"".join(line + b"\n" for line in lines)
            if self._shared is not None:
                self._shared.put(self._path, content, who=self._who)
            else:
                atomic.replace(self._path, content)
        except OSError as error:
            raise GoldenNotWritten(
                f"检验题文件{self._path}写不进去（{error.strerror}）；请检查权限和磁盘空间"
            ) from error


def entry_of(line: bytes) -> GoldenEntry:
    """Return the question in a line."""
    entry = json.loads(line)
    return GoldenEntry(
        id=str(entry["id"]),
        version=version_of(line),
        question=str(entry["question"]),
        must=tuple(tuple(str(text) for text in group) for group in entry.get("must", [])),
        evidence=str(entry.get("evidence") or ""),
        tags=tuple(str(tag) for tag in entry.get("tags", [])),
        answerable=bool(entry["answerable"]),
        history=tuple(Turn(str(question), str(reply)) for question, reply in entry.get("history", [])),
    )


def line_of(golden_id: str, new: NewGolden, known: Mapping[str, Any]) -> bytes:
    """Return a question as a line without its line end. Fields of other tools in `known` are kept."""
    return json.dumps(_content(golden_id, new, known), ensure_ascii=False).encode("utf-8", "replace")


def version_of(line: bytes) -> str:
    """Return a hash that shows whether a line is the one that somebody saw."""
    return hashlib.sha256(line).hexdigest()[:16]


def place_of(lines: Sequence[bytes], golden_id: str, version: str | None = None) -> int:
    """Return the index of a question, at `version` if one is given. Raises `Missing`, `Overtaken`."""
    for place, line in enumerate(lines):
        if entry_of(line).id == golden_id:
            if version is not None and version_of(line) != version:
                raise Overtaken(f"检验题{golden_id}已被别人改过，您的改动没有保存；请刷新页面后再改")
            return place
    raise Missing(f"没有编号为{golden_id}的检验题，可能已被删除；请刷新页面")


def once(new: NewGolden, known: Sequence[GoldenEntry]) -> None:
    """Refuse a question that is already among `known`. Raises `Unfit`."""
    for entry in known:
        if (normalise(entry.question), entry.history) == (normalise(new.question), new.history):
            raise Unfit(f"已有同样的检验题（{entry.id}），请直接修改那一道")


def checked(new: NewGolden) -> NewGolden:
    """Return the question as it is stored. Raises `Unfit` if it would test nothing."""
    question = versioned_rows.filled(clean(new.question), "问题", most=MAX_QUESTION)
    must = tuple(tuple(text for text in (text.strip() for text in group) if text) for group in new.must)
    tags = tuple(dict.fromkeys(tag.strip() for tag in new.tags if tag.strip()))
    _few(tags, "标签", MOST_PARTS)
    _few(new.history, "之前的对话", MAX_TURNS)
    for tag in tags:
        versioned_rows.filled(tag, "标签", most=MOST_TAG)
    for text in (text for turn in new.history for text in (turn.question, turn.reply)):
        versioned_rows.filled(text, "之前的对话的一句", most=MAX_TURN_CHARACTERS)
    if not new.answerable:
        if any(must):
            raise Unfit("文件里没有答案的问题应当拒答，不能填写“答案必须包含的字句”")
        return replace(new, question=question, must=(), evidence="", tags=tags)
    if not must or not all(must):
        raise Unfit("请填写答案必须包含的字句；只凭“有回答”不能算答对")
    for parts in (must, *must):
        _few(parts, "答案必须包含的字句", MOST_PARTS)
    for text in (text for group in must for text in group):
        versioned_rows.filled(text, "答案必须包含的字句", most=MOST_WORDS)
    evidence = versioned_rows.filled(new.evidence, "文件里的依据", most=MOST_WORDS)
    return replace(new, question=question, must=must, evidence=evidence, tags=tags)


def _few(parts: Sequence[object], name: str, most: int) -> None:
    if len(parts) > most:
        raise Unfit(f"{name}有{len(parts)}项，最多{most}项，请减少")


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
