"""Everything that staff can do; the command line is one skin over it. Models are loaded only by what needs them."""

import errno
import functools
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from corpus.limits import Limits
from index import bundled
from index.embedder import Embedder
from index.locks import Holder
from index.snapshot import SnapshotDamaged
from index.store import StoreBusy, StoreError
from qa import backup, difference, history, origin, reports, switches
from qa import progress as progresses
from qa.audit import Row
from qa.backup import BACKUPS, Backup, BackupRefused
from qa.board import Board
from qa.database import DATABASE
from qa.desk_log import QuestionLog
from qa.difference import Difference
from qa.documents import Documents
from qa.evaluate import GoldenQuestion, read_golden
from qa.golden import GoldenDesk
from qa.judging import Bar, Judge
from qa.models import Models, lazily
from qa.plan import Plan
from qa.progress import Progress, Show, State
from qa.reader import Reader
from qa.refresh import Means, Order, Report, look, refresh
from qa.remembered import Remembered, reader_identity
from qa.repair import Synonyms
from qa.restore import restore
from qa.reviewed import ReviewedAnswers
from qa.reviewed_desk import ReviewedDesk
from qa.roles import Area, Overtaken, ReasonMissing, Role, needs
from qa.serving import store_of
from qa.settings import Settings
from qa.staff_accounts import StaffAccounts
from qa.todo import Todo
from qa.trial import TrialDesk

CACHES = "caches"
# Files that need somebody to look at them.
_LEFT_OUT = ("quarantined", "failed")


class DiskRefused(StoreError):
    """The disk is full, or may not be written to; what is published stays as it was."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A snapshot in the list for staff. Where its refresh was cut off, who made it and what it answers are unknown."""

    name: str
    built_at: datetime | None
    who: str
    why: str
    documents: int
    passages: int
    golden_asked: int
    golden_right: int
    published: bool
    was_published: bool
    forced: bool
    why_not: str

    def as_json(self) -> dict[str, Any]:
        content = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return {**content, "built_at": self.built_at.isoformat() if self.built_at else None}


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """How the service stands: `state` is serving, paused, degraded or empty; `problems` are files that are left out."""

    snapshot: str | None
    built_at: datetime | None
    age_seconds: float | None
    documents: int
    passages: int
    golden_asked: int
    golden_right: int
    state: str
    alarm: str
    problems: int
    withdrawn: int
    refreshing: Holder | None


@dataclass(frozen=True, slots=True)
class Status:
    """What a server would serve now: a sound snapshot, and in `alarm` why it is not the published one."""

    snapshot: str
    built_at: datetime
    passages: int
    documents: tuple[str, ...]
    alarm: str


class Console(Area):
    """What one member of staff, `who`, may do in `role` with the index below `settings.home`."""

    def __init__(self, settings: Settings, *, who: str, role: Role, models: Models | None = None) -> None:
        """`models` are those a server has open; without them what is needed is loaded."""
        super().__init__(settings, who=who, role=role)
        self._store = store_of(settings.home)
        self._embedder = models.embedder if models else functools.cache(self._open_embedder)
        self.accounts = StaffAccounts(settings, who=who, role=role)
        models = models or lazily(settings)
        self.documents = Documents(settings, who=who, role=role)
        self.board = Board(settings, who=who, role=role)
        self.questions = QuestionLog(settings, who=who, role=role)
        self.todo = Todo(settings, who=who, role=role, models=models)
        self.reviewed = ReviewedDesk(settings, who=who, role=role, models=models)
        self.golden = GoldenDesk(settings, who=who, role=role)
        self.trial = TrialDesk(settings, who=who, role=role, models=models)

    @needs(Role.EDITOR)
    def plan(self) -> Plan:
        """What a refresh would do; nothing is written. Raises `DocumentsMissing`."""
        return look(self._means())[1]

    @needs(Role.PUBLISHER)
    def refresh(self, *, why: str = "", force: bool = False, anew: bool = False, show: Show) -> Report:
        """Read, build, judge, publish; see `qa.refresh.refresh`. Raises also `DiskRefused`."""
        order = Order(who=self._who, why=why, force=force, anew=anew)
        with _disk():
            progress = Progress(self._settings.home, who=self._who, pid=os.getpid(), show=show)
            before = self._published()
            report = refresh(self._means(), order, progress)
            reports.keep(self._settings.home, report, who=self._who, before=before)
            return report

    @needs(Role.EDITOR)
    def report(self) -> dict[str, Any] | None:
        """What the last refresh that came to its end did, whoever ran it; see `qa.reports.read`."""
        return reports.read(self._settings.home)

    @needs(Role.PUBLISHER)
    def cancel(self) -> Holder | None:
        """Ask the refresh under way to stop; give who runs it, None when nobody does."""
        running = self._store.refresher()
        if running:
            with self._audit.action(self._who, "cancel", target=f"{running.who} {running.since}"):
                progresses.cancel(self._settings.home)
        return running

    @needs(Role.EDITOR)
    def progress(self) -> dict[str, Any] | None:
        """How far the refresh under way is, or how the last one ended; `running` is True only while it lives."""
        state = progresses.read(self._settings.home)
        if state is None:
            return None
        running = state["state"] == "running" and self._store.refresher() is not None
        died = state["state"] == "running" and not running
        return {**state, "state": "interrupted" if died else state["state"], "running": running}

    @needs(Role.EDITOR)
    def snapshots(self) -> list[Listed]:
        """All snapshots, the oldest first."""
        return [self._listed(name) for name in self._store.names()]

    @needs(Role.PUBLISHER)
    def publish(self, name: str, *, why: str = "", seen: str | None = None) -> None:
        """Serve a snapshot from now on; an older one to roll back. A refresh under way need not be waited for.

        `seen` is what was published when it was decided: `Overtaken` when it is another one by now.

        Raises `SnapshotMissing`, `SnapshotDamaged`, `SnapshotForeign`, `StoreBusy`, `ReasonMissing`, `DiskRefused`.
        """
        with _disk(), self._audit.action(self._who, "publish", target=name, why=why):
            self._store.manifest(name).check_recipe(self._model())
            listed = self._listed(name)
            if listed.why_not and not listed.was_published and not why.strip():
                raise ReasonMissing(f"{name}从未发布过：{listed.why_not}。确要发布，请写明原因")
            with self._store.writing(who=self._who):
                now = self._published()
                if seen is not None and now != seen:
                    raise Overtaken(f"现行版本已被换成{now or '（无）'}，没有发布{name}；请重新打开页面，看过再决定")
                self._store.publish(name)

    @needs(Role.EDITOR)
    def diff(self, before: str, after: str) -> Difference:
        """What changed from one snapshot to another. Raises `SnapshotMissing`, `SnapshotDamaged`."""
        return difference.between(self._store, before, after)

    @needs(Role.ADMIN)
    def prune(self, *, keep: int) -> list[str]:
        """Delete the oldest snapshots beyond `keep`, never the published one; give their names."""
        with _disk(), self._audit.action(self._who, "prune", why=f"保留{keep}个") as action:
            with self._store.refreshing(who=self._who), self._store.writing(who=self._who):
                gone = self._store.prune(keep=keep)
            for name in gone:
                history.forget(self._store, name)
            action.target = " ".join(gone)
            return gone

    @needs(Role.ADMIN)
    def backup(self, path: Path, *, force: bool = False) -> Backup:
        """Keep everything in one file. Raises `BackupRefused`, `DiskRefused`."""
        with _disk(), self._audit.action(self._who, "backup", target=str(path)):
            try:
                with self._store.refreshing(who=self._who):
                    return backup.write(self._settings, path, force=force)
            except StoreBusy as error:
                raise BackupRefused("正在刷新，索引还没有建完；请等它结束后再备份") from error

    @needs(Role.ADMIN)
    def backups(self) -> list[Path]:
        """The archives in the folder that the page writes to, the newest first."""
        found = (self._settings.home / BACKUPS).glob("*.zip")
        return sorted((path for path in found if path.is_file()), reverse=True)

    @needs(Role.ADMIN)
    def backup_here(self) -> tuple[Path, Backup]:
        """Keep everything in one new file of that folder. Raises `BackupRefused`, `DiskRefused`."""
        with _disk():
            folder = self._settings.home / BACKUPS
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = folder / f"{datetime.now(UTC):%Y%m%d-%H%M%S}.zip"
        return path, self.backup(path)

    @needs(Role.ADMIN)
    def restore(self, path: Path, *, force: bool = False) -> tuple[Backup, Path | None]:
        """Put a backup back, see `qa.restore.restore`; the log that it brings tells of it. Raises `DiskRefused`."""
        with _disk():
            found, before = restore(self._settings, path, who=self._who, force=force)
            outcome = f"as of {found.made_at}" + (f"; what was there: {before}" if before else "")
            self._audit.add(self._who, "restore", target=str(path), outcome=outcome)
            return found, before

    @needs(Role.EDITOR)
    def verify(self) -> dict[str, list[str]]:
        """What is wrong with CURRENT, each snapshot and its record, and the audit log; empty lists where nothing is."""
        found: dict[str, list[str]] = {"CURRENT": []}
        try:
            published = self._store.published()
            if published and published not in self._store.names():
                found["CURRENT"].append(f"CURRENT指向的{published}已不存在")
        except SnapshotDamaged as error:
            found["CURRENT"].append(str(error))
        for name in self._store.names():
            found[name] = self._store.damage(name)
            try:
                history.read(self._store, name)
            except SnapshotDamaged as error:
                found[name].append(str(error))
        found["audit.jsonl"] = self._audit.tampering()
        return found

    @needs(Role.EDITOR)
    def status(self) -> Status:
        """What is served, every file of it checked. Raises `NoSnapshot`."""
        manifest, alarm = self._store.served(model=self._model())
        return Status(manifest.snapshot, manifest.built_at, manifest.passages, tuple(manifest.documents), alarm)

    @needs(Role.EDITOR)
    def overview(self) -> Overview:
        """How the service stands, without checking every file as `status` does."""
        try:
            published, alarm = self._store.published(), ""
        except SnapshotDamaged as error:
            published, alarm = None, str(error)
        one = self._listed(published) if published and published in self._store.names() else None
        if published and one is None:
            alarm = f"CURRENT指向的{published}不在了，请刷新"
        switched = switches.current(self._settings.home)
        pause = switched.pause
        report = self.report()
        problems = [file for file in report["files"] if file["status"] in _LEFT_OUT] if report else []
        return Overview(
            snapshot=one.name if one else None,
            built_at=one.built_at if one else None,
            age_seconds=(datetime.now(UTC) - one.built_at).total_seconds() if one and one.built_at else None,
            documents=one.documents if one else 0,
            passages=one.passages if one else 0,
            golden_asked=one.golden_asked if one else 0,
            golden_right=one.golden_right if one else 0,
            state="degraded" if alarm else "empty" if one is None else "paused" if pause else "serving",
            alarm=alarm or (f"已暂停：{pause}" if pause else ""),
            problems=len(problems),
            withdrawn=len(switched.withdrawn.names),
            refreshing=self._store.refresher(),
        )

    @needs(Role.EDITOR)
    def audit(self) -> list[Row]:
        """What staff did, the oldest first."""
        return self._audit.rows()

    @needs(Role.EDITOR)
    def tampering(self) -> list[str]:
        """What speaks against the audit log being whole."""
        return self._audit.tampering()

    @needs(Role.EDITOR)
    def origin(self, snapshot: str, document: str, start: int, end: int) -> origin.Origin:
        """Open the words that an old answer quoted; see `qa.origin.find`."""
        return origin.find(self._store, snapshot, document, start, end)

    def _listed(self, name: str) -> Listed:
        try:
            manifest, damage = self._store.manifest(name), ""
        except SnapshotDamaged as error:
            manifest, damage = None, str(error)
        try:
            record, unjudged = history.read(self._store, name), "没有检验完（刷新中断）"
        except SnapshotDamaged as error:
            record, unjudged = None, str(error)
        try:
            published = self._store.published() == name
        except SnapshotDamaged:
            published = False
        return Listed(
            name=name,
            built_at=manifest.built_at if manifest else None,
            who=record.who if record else "",
            why=record.why if record else "",
            documents=len(manifest.documents) if manifest else 0,
            passages=manifest.passages if manifest else 0,
            golden_asked=len(record.golden) if record else 0,
            golden_right=record.golden_right if record else 0,
            published=published,
            was_published=self._store.was_published(name),
            forced=record.forced if record else False,
            why_not=damage or (record.why_not if record else unjudged),
        )

    def _published(self) -> str | None:
        try:
            return self._store.published()
        except SnapshotDamaged:
            return None

    def _model(self) -> str:
        if self._settings.embedding_model == bundled.NAME:
            return bundled.FOLDER
        return self._embedder().name

    def _means(self) -> Means:
        settings = self._settings
        golden = golden_of(settings)
        bar = Bar(
            tolerance=settings.golden_tolerance, answered=settings.golden_answered, refused=settings.golden_refused
        )

        def judge() -> Judge:
            memory = Remembered(settings.home / CACHES / "readings.cache", identity=reader_identity())
            synonyms = Synonyms.read()
            reviewed = ReviewedAnswers(settings.home / DATABASE, self._embedder(), synonyms)
            switched = switches.current(settings.home)
            reader, threshold = self._reader(memory), switched.threshold
            reader = reader if threshold is None else reader.at(threshold)
            return Judge(golden, reader, synonyms, bar, memory, reviewed, switched)

        return Means(
            folder=settings.documents,
            home=settings.home,
            store=self._store,
            model=self._model(),
            embedder=self._embedder,
            judge=judge if golden else None,
            golden=golden,
            limits=Limits(megabytes=settings.max_file_megabytes),
            keep=settings.keep,
        )

    def _open_embedder(self) -> Embedder:
        from index.sentence_embedder import open_embedder

        return open_embedder(self._settings.embedding_model, self._settings.home)

    def _reader(self, memory: Remembered) -> Reader:
        if self._settings.reader == "similarity":
            from qa.reader.similarity import SimilarityReader

            return SimilarityReader(memory.embedder(self._embedder()))
        from qa.reader.trained import open_reader

        return open_reader(bundled.unpack(self._settings.home), self._settings.home, around=memory.around)


def told(state: State) -> str:
    """A state of the progress in one line of Chinese."""
    line = f"[{state.step_number}/{state.steps}] {progresses.WORDS[state.step]}"
    if state.total:
        line += f"：{state.done}/{state.total}{progresses.STEPS[state.step]}"
    if state.rate and state.seconds_left is not None and state.done < state.total:
        line += f"，每秒{state.rate:.1f}，还需约{state.seconds_left:.0f}秒"
    return line


@contextmanager
def _disk() -> Iterator[None]:
    """Errors of the disk in words that say what to do."""
    try:
        yield
    except OSError as error:
        where = error.filename or "文件"
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise DiskRefused(f"磁盘已满，{where}写不进去；现行索引不受影响，请腾出空间后再试") from error
        if error.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
            raise DiskRefused(f"{where}不能写入（只读或没有权限）；现行索引不受影响，请检查权限后再试") from error
        if error.errno == errno.EIO:
            raise DiskRefused(f"磁盘读写出错（{where}）；现行索引不受影响，请检查磁盘") from error
        raise


def golden_of(settings: Settings) -> list[GoldenQuestion]:
    """The golden questions: none when there are none beside the documents; a file that staff named has to be there."""
    beside = settings.documents.parent / "golden.jsonl"
    return read_golden(settings.golden) if settings.golden.is_file() or settings.golden != beside else []
