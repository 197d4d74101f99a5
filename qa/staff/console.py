"""Everything that staff can do; the command line is one face of it. Only actions that need models load them."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from index.files.locks import Holder
from index.snapshots.snapshot import SnapshotDamaged
from qa.bootstrap.models import Models, lazily
from qa.bootstrap.refreshing import inputs_of, run_refresh
from qa.publishing.board import board_of
from qa.publishing.inputs import Order
from qa.publishing.plan import Plan
from qa.publishing.progress import Show
from qa.publishing.refresh.running import look
from qa.publishing.report import Report
from qa.runtime.errors import Overtaken, Unfit
from qa.runtime.settings import GUIDE, Settings, SettingsError
from qa.staff.accounts.management import StaffAccounts
from qa.staff.backups.management import Backups
from qa.staff.documents.management import Documents
from qa.staff.permissions import Role, needs
from qa.staff.quality.golden import GoldenManagement
from qa.staff.quality.trial import Trials
from qa.staff.questions.asked import AskedList
from qa.staff.questions.log.log import QuestionLog
from qa.staff.questions.todo import Todo
from qa.staff.reviewed_answers.management import ReviewedAnswerManagement
from qa.staff.reviewed_answers.offers import Offers
from qa.staff.settings import RuntimeSettings
from qa.staff.snapshots.snapshots import Snapshots
from qa.storage import runtime_settings, versioned_rows
from qa.storage.audit import Findings, Row
from qa.storage.database import database_of

# States of files that somebody must look at.
_LEFT_OUT = ("quarantined", "failed")
MOST_WHY = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """The state of the service: serving, paused, degraded or empty; `problems` counts files that were left out."""

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


class Console(Snapshots, Backups):
    """All actions of the member of staff `who` in `role` on the index below `settings.home`."""

    def __init__(self, settings: Settings, *, who: str, role: Role, models: Models | None = None) -> None:
        """`models` are those that a server has open; without them, each action loads the models it needs."""
        models = models or lazily(settings)
        super().__init__(settings, who=who, role=role, models=models)
        self.accounts = StaffAccounts(settings, who=who, role=role)
        self.documents = Documents(settings, who=who, role=role, models=models)
        self.runtime_settings = RuntimeSettings(settings, who=who, role=role)
        self.questions = QuestionLog(settings, who=who, role=role)
        self.asked = AskedList(settings, who=who, role=role)
        self.todo = Todo(settings, who=who, role=role, models=models)
        self.reviewed = ReviewedAnswerManagement(settings, who=who, role=role, models=models)
        self.offers = Offers(settings, who=who, role=role, models=models)
        self.golden = GoldenManagement(settings, who=who, role=role)
        self.trial = Trials(settings, who=who, role=role, models=models)

    @needs(Role.EDITOR)
    def plan(self) -> Plan:
        """Return what a refresh would do, without writing anything. Raises `DocumentsMissing`."""
        return look(inputs_of(self._settings, self._embedder))

    @needs(Role.PUBLISHER)
    def refresh(self, *, why: str = "", force: bool = False, anew: bool = False, show: Show) -> Report:
        """Read, build, judge and publish; see `qa.publishing.refresh.running.refresh`. Raises also `DiskRefused`."""
        order = Order(who=self._who, why=why, force=force, anew=anew, four_eyes=self._settings.four_eyes)
        return run_refresh(self._settings, order, show, embedder=self._embedder)

    @needs(Role.EDITOR)
    def report(self) -> dict[str, Any] | None:
        """Return the report of the last finished refresh, by anybody on any machine; see `Board.report`."""
        return board_of(self._settings).report()

    @needs(Role.PUBLISHER)
    def cancel(self, *, began: str = "") -> Holder | None:
        """Ask the running refresh to stop; return who runs it, or None if no refresh runs.

        With `began` the one that began then: `Overtaken` if another one runs by now.
        """
        running = self._store.refresher()
        if running:
            now = board_of(self._settings).progress()
            if began and now and now["started_at"] != began:
                raise Overtaken(f"您要停下的那一次已经结束；现在是{running.who}的另一次，没有停下它")
            with self._audit.action(self._who, "cancel", target=f"{running.who} {running.since}"):
                board_of(self._settings).cancel()
        return running

    @needs(Role.EDITOR)
    def progress(self) -> dict[str, Any] | None:
        """Return the progress of the running refresh, or how the last one ended. `running` means that it lives now."""
        state = board_of(self._settings).progress()
        if state is None:
            return None
        running = state["state"] == "running" and self._store.refresher() is not None
        died = state["state"] == "running" and not running
        return {**state, "state": "interrupted" if died else state["state"], "running": running}

    @needs(Role.EDITOR)
    def overview(self) -> Overview:
        """Return the state of the service, without checking every file as `status` does."""
        try:
            published, alarm = self._store.published(), ""
        except SnapshotDamaged as error:
            published, alarm = None, str(error)
        one = self._listed(published) if published and published in self._store.names() else None
        if published and one is None:
            alarm = f"{published}不在了，请重新发布"
        switched = runtime_settings.current(database_of(self._settings))
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
        """Return what staff did, the oldest row first."""
        return self._audit.rows()

    @needs(Role.EDITOR)
    def export_audit(self) -> list[Row]:
        """Return what staff did, for download; the download is logged."""
        rows = self._audit.rows()
        self._audit.add(self._who, "download", target="audit.csv", why=f"{len(rows)}条记录")
        return rows

    @needs(Role.EDITOR)
    def tampering(self) -> list[str]:
        """Return the signs of tampering with the audit log that nobody has explained yet."""
        return self._audit.tampering()

    @needs(Role.EDITOR)
    def findings(self) -> Findings:
        """Return the signs of tampering with the audit log, including those already explained."""
        return self._audit.findings()

    @needs(Role.ADMIN)
    def acknowledge(self, rows: int, *, why: str) -> Row:
        """Record the explanation for the findings about the first `rows` rows of the audit log.

        Raises `AuditNotWhole`, `Unfit`.
        """
        why = versioned_rows.filled(why, "查明的原因", most=MOST_WHY)
        before = self._audit.findings()
        if not before.new:
            raise Unfit("操作日志没有等待确认的问题")
        return self._audit.acknowledge(self._who, rows, why=why)

    @needs(Role.ADMIN)
    def seal(self) -> None:
        """Seal the audit log with the key of QA_KEY_FILE from now on. Raises `AuditNotWhole`, `SettingsError`."""
        if self._settings.key_file is None:
            raise SettingsError(f"QA_KEY_FILE names no key to seal the audit log with; see {GUIDE}")
        self._audit.adopt()
        self._audit.add(self._who, "audit", outcome="sealed")
