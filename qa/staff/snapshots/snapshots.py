"""The snapshots as staff see them: listed, compared, published, rolled back, checked, deleted."""

from collections.abc import Sequence
from dataclasses import replace

from index.snapshots.served import served_manifest
from index.snapshots.snapshot import SnapshotDamaged
from qa.bootstrap.models import Models
from qa.bootstrap.refreshing import model_of
from qa.evaluation.asked import ReplyChange
from qa.publishing import difference, records, unjudged
from qa.publishing.difference import Difference
from qa.publishing.records import Record
from qa.publishing.serving import store_of
from qa.runtime.errors import Overtaken, ReasonMissing, StaffRefused
from qa.runtime.settings import Settings
from qa.staff.documents.remembered import Last
from qa.staff.permissions import Area, Role, needs, reason
from qa.staff.quality.stand_ins import Served, StandIns
from qa.staff.snapshots.listed import Listed, Status
from qa.storage import runtime_settings
from qa.storage.audit import DONE, Row
from qa.storage.database import database_of
from qa.storage.disk_errors import disk_in_words

IN_SPITE = "published in spite of the golden questions"


# Reading the whole log takes long, and pages ask again and again.
_SWITCHED: Last[Row | None] = Last()


def _last_switch(rows: Sequence[Row], name: str) -> Row | None:
    for row in reversed(rows):
        if row.action == "publish" and row.target == name and (row.outcome in (DONE, IN_SPITE)):
            return row
    return None


class OwnWish(StaffRefused):
    """One person alone wants to publish what the golden questions refused."""


class Snapshots(Area):
    """The actions of the member of staff `who` in `role` on the snapshots below `settings.home`."""

    def __init__(self, settings: Settings, *, who: str, role: Role, models: Models) -> None:
        super().__init__(settings, who=who, role=role)
        self._store = store_of(settings)
        self._embedder = models.embedder
        self._stand_ins = StandIns(settings, models)

    @needs(Role.EDITOR)
    def snapshots(self) -> list[Listed]:
        """Return all snapshots, the oldest first."""
        return [self._listed(name) for name in self._store.names()]

    @needs(Role.PUBLISHER)
    def publish(self, name: str, *, why: str = "", seen: str | None = None, wish: str | None = None) -> bool:
        """Serve a snapshot from now on; an older one to roll back. A running refresh need not end first.

        One that the golden questions refused is published by two persons: False after the first of them wants it.
        `seen` is the published snapshot at the decision: `Overtaken` if another one is published now. `wish` is the
        `wish_key` at the decision: `Overtaken` if somebody else wants it published by now, or does not any more.

        With four eyes, one that would have today's golden questions answered wrongly is published by two persons, too.

        Raises `SnapshotMissing`, `SnapshotDamaged`, `SnapshotForeign`, `StoreBusy`, `ReasonMissing`, `OwnWish`,
        `DiskRefused`.
        """
        why = reason(why)
        with disk_in_words(), self._audit.action(self._who, "publish", target=name, why=why) as action:
            self._store.manifest(name).check_recipe(model_of(self._settings, self._embedder))
            looked = self._served()
            wrong = self._stand_ins.why_not(replace(looked, snapshot=name), looked) if self._settings.four_eyes else ""
            # A document is reinstated within this lock, too: none returns between this look and the publication.
            with self._store.writing(who=self._who):
                listed, now = self._listed(name), self._published()
                if self._served() != looked:
                    raise Overtaken(f"刚才有同事发布了别的版本或停止、恢复了文件，没有发布{name}；请再试一次")
                unguarded = listed.unguarded or bool(wrong)
                if unguarded and not why:
                    never = "" if listed.was_published else "从未发布过"
                    held = listed.unjudged or (listed.unguarded and listed.why_not) or wrong
                    raise ReasonMissing(f"{name}{never}：{held}。确要发布，请写明原因")
                if seen is not None and now != seen:
                    raise Overtaken(f"现行版本已被换成{now or '（无）'}，没有发布{name}；请重新打开页面，看过再决定")
                if unguarded and self._settings.four_eyes and not self._agreed(listed, why, wrong, looked, wish=wish):
                    action.outcome = "waits"
                    return False
                self._store.publish(name, before=now, who=self._who)
                if unguarded:
                    action.outcome = IN_SPITE
                return True

    def _served(self) -> Served:
        withdrawn = runtime_settings.current(database_of(self._settings)).withdrawn
        return Served(self._published() or "", withdrawn)

    def _agreed(self, listed: Listed, why: str, wrong: str, served: Served, *, wish: str | None) -> bool:
        """Return whether another person wants this published in spite of the golden questions; else note this wish.

        `wrong` is what they say today. A wish is over once it was granted, and once what it rests on has changed:
        another version is `served`, other questions are asked, other documents are withdrawn, or staff approved an
        answer whose words it lacks.

        Call within `Store.writing`. Raises `OwnWish`, and `Overtaken` if the wish is another than the one seen.
        """
        name, record = listed.name, records.read(self._store, listed.name)
        if record is None:
            raise OwnWish(f"{name}没有检验完，不能发布；请按现在的文件重做一版")
        then = self._stand_ins.footing(name, served)
        wanted_by = "" if record.forced or records.lapsed(record.wanted_then, then) else record.wanted_by
        if wanted_by == self._who:
            raise OwnWish(f"您已要求发布{name}；请另一位有“发布”角色的同事同意")
        if wish is not None and wish != listed.wish_key:
            raise Overtaken(f"您打开这一页以后，发布{name}的要求变了，没有发布；请看过现在的要求和原因再决定")
        if not wanted_by:
            noted = replace(record, wanted_by=self._who, wanted_why=why.strip(), wanted_then=then, forced=False)
            records.write(self._store, name, replace(noted, why_not=record.why_not or wrong))
            return False
        records.write(self._store, name, replace(record, forced=True))
        return True

    @needs(Role.EDITOR)
    def switched(self, name: str) -> Row | None:
        """Return the row of who published a snapshot by hand last; None if it was a refresh that did."""
        return _SWITCHED.of((*self._audit.edition(), name), lambda: _last_switch(self._audit.rows(), name))

    @needs(Role.EDITOR)
    def diff(self, before: str, after: str) -> Difference:
        """Return what changed from one snapshot to another. Raises `SnapshotMissing`, `SnapshotDamaged`."""
        return difference.between(self._store, before, after)

    @needs(Role.EDITOR)
    def replies(self, name: str) -> tuple[ReplyChange, ...]:
        """Return the citizens' questions whose reply a snapshot changed. Raises `SnapshotDamaged`."""
        record = records.read(self._store, name)
        return record.changes if record else ()

    @needs(Role.ADMIN)
    def prune(self, *, keep: int) -> list[str]:
        """Delete the oldest snapshots beyond `keep`, never the published one; return their names."""
        with disk_in_words(), self._audit.action(self._who, "prune", why=f"保留{keep}个") as action:
            with self._store.refreshing(who=self._who), self._store.writing(who=self._who):
                gone = self._store.prune(keep=keep)
            for name in gone:
                records.forget(self._store, name)
            action.target = " ".join(gone)
            return gone

    @needs(Role.EDITOR)
    def verify(self) -> dict[str, list[str]]:
        """Return the faults of CURRENT, of each snapshot with its record, and of the audit log; empty lists if none."""
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
                records.read(self._store, name)
            except SnapshotDamaged as error:
                found[name].append(str(error))
        found["audit.jsonl"] = self._audit.tampering()
        return found

    @needs(Role.EDITOR)
    def status(self) -> Status:
        """Return what is served, after checking every file of it. Raises `NoSnapshot`."""
        manifest, alarm = served_manifest(self._store, model=model_of(self._settings, self._embedder))
        return Status(manifest.snapshot, manifest.built_at, manifest.passages, tuple(manifest.documents), alarm)

    def _listed(self, name: str) -> Listed:
        try:
            manifest, damage = self._store.manifest(name), ""
        except SnapshotDamaged as error:
            manifest, damage = None, str(error)
        try:
            record, incomplete = records.read(self._store, name), "没有检验完（中途停了）"
        except SnapshotDamaged as error:
            record, incomplete = None, str(error)
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
            why_not=damage or (record.why_not if record else incomplete),
            wanted_by=record.wanted_by if record else "",
            wanted_why=record.wanted_why if record else "",
            to_see=record.to_see if record else "",
            unjudged=unjudged.returned(record.unjudged, database_of(self._settings)) if record else "",
            lapsed=self._lapsed(name, record) if record else "",
        )

    def _lapsed(self, name: str, record: Record) -> str:
        """Return why the wish for a version is over, though nobody granted it; empty if there is none, or it counts."""
        if not record.wanted_by or record.forced:
            return ""
        return records.lapsed(record.wanted_then, self._stand_ins.footing(name, self._served()))

    def _published(self) -> str | None:
        try:
            return self._store.published()
        except SnapshotDamaged:
            return None
