"""立即停止引用 and 恢复引用: documents that no answer quotes, until staff reinstate them."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from corpus.conversion.container import is_container, lies_in
from corpus.document import Document
from qa.answering.overrides import Withdrawn
from qa.bootstrap.models import Models, lazily
from qa.evaluation.gate import MOST_SHOWN
from qa.publishing import unjudged
from qa.publishing.serving import store_of
from qa.runtime.errors import Overtaken, ReasonMissing, StaffRefused
from qa.runtime.settings import Settings
from qa.staff.documents import side_files
from qa.staff.documents.folder import DocumentFolder, DocumentMissing
from qa.staff.documents.listing import and_what_holds, seen_of
from qa.staff.permissions import Role, needs, reason
from qa.staff.quality.stand_ins import Served, StandIn, StandIns
from qa.storage import runtime_settings, withdrawals
from qa.storage.audit_log.writers import writers, written_since
from qa.storage.database import Connection
from qa.storage.runtime_settings import Withholding
from qa.storage.withdrawals import Withdrawal


class OwnWithdrawal(StaffRefused):
    """Whoever withdrew a document, or changed its file since, tries to reinstate it."""


class AlreadyWithdrawn(Overtaken):
    """The document is withdrawn already; that withdrawal stands."""

    def __init__(self, known: Withdrawal) -> None:
        at = datetime.fromisoformat(known.at).astimezone()
        super().__init__(
            f"{known.document}已由{known.who}在{at:%Y-%m-%d %H:%M}停止引用（{known.why}），以那一次为准；没有再停一次"
        )


class HolderWithdrawn(StaffRefused):
    """A file within an archive that is withdrawn as a whole is to be reinstated alone."""

    def __init__(self, name: str, known: Withdrawal) -> None:
        super().__init__(
            f"{name}在{known.document}里面，{known.document}已由{known.who}整个停止引用（{known.why}）；"
            f"请对{known.document}恢复引用，里面的一起恢复"
        )


class DocumentWithdrawals(DocumentFolder):
    """The withdrawals of documents, as one member of staff may decide on them."""

    def __init__(self, settings: Settings, *, who: str, role: Role, models: Models | None = None) -> None:
        super().__init__(settings, who=who, role=role)
        self._stand_ins = StandIns(settings, models or lazily(settings))

    @needs(Role.PUBLISHER)
    def withdraw(self, name: str, *, why: str, look: bool = True) -> tuple[Withdrawal, ...]:
        """Stop quoting a document: on all servers within seconds, across refreshes, until it is reinstated.

        With an archive go the files within, so that none of them returns under another name. With four eyes go the
        documents of this member that would answer golden questions wrongly in its place; these are returned besides.
        Where a document of no known writer would, the question is answered with nothing. Golden questions are asked
        after the withdrawal, which does not wait for them; with `look` off by `look_behind`, of several documents once.

        A withdrawal that stands is never replaced: what `reinstate` allows depends on its person and its file. Raises
        `ReasonMissing`, `DocumentMissing`, `AlreadyWithdrawn`.
        """
        why = reason(why)
        if not why:
            raise ReasonMissing("停止引用文件要写明原因，会记入审计")
        with (
            self._audit.action(self._who, "withdraw", target=name, why=why),
            # Nothing is published between the look at the file and the end.
            store_of(self._settings).writing(who=self._who),
            self._database() as connection,
        ):
            if known := withdrawals.holder(connection, name) or withdrawals.of(connection, name):
                raise AlreadyWithdrawn(known)
            added = self._to_withdraw(name, why)
            for one in added:
                withdrawals.add(connection, one)
        return added[0], *(self.look_behind([name]) if look else ())

    @needs(Role.PUBLISHER)
    def look_behind(self, names: Sequence[str]) -> tuple[Withdrawal, ...]:
        """Withdraw and withhold what would answer golden questions wrongly in place of what was just withdrawn.

        Return what is withdrawn besides.
        """
        while True:
            with self._database() as connection:
                now, known = self._served(connection), withdrawals.read(connection)
            added = [one for one in known if any(own.document in names and own.brings(one) for own in known)]
            if not added:
                return ()
            before = replace(now, withdrawn=withdrawals.together(one for one in known if one not in added))
            instead = self._instead(added, before)
            withheld = self._to_withhold(before, [*added, *instead], before.withdrawn, because=names[0])
            withheld = self._with_their_cause(withheld, names)
            # Nothing is published between the look at what would be quoted and the end.
            with store_of(self._settings).writing(who=self._who), self._database() as connection:
                if self._served(connection) != now:
                    continue
                self._withhold(connection, withheld)
                for one in instead:
                    withdrawals.add(connection, one)
            for one in instead:
                self._audit.add(self._who, "withdraw", target=one.document, why=one.why)
            return tuple(instead)

    def _to_withdraw(self, name: str, why: str) -> list[Withdrawal]:
        """Return the withdrawal of a document, and those of the files within."""
        quoted = self._published_file(name)
        file_sha256 = side_files.version(self._path(name)) if quoted is None else quoted
        at = datetime.now(UTC).isoformat(timespec="microseconds")
        one = Withdrawal(name, file_sha256, at, self._who, why)
        within = self._published_within(name)
        return [one, *(replace(one, document=file.name, file_sha256=file.file_sha256) for file in within)]

    def _instead(self, added: Sequence[Withdrawal], before: Served) -> list[Withdrawal]:
        """Return the withdrawals of what would stand in for these; what stands in for those is looked for again."""
        instead: list[Withdrawal] = []
        while found := self._stood_in(before, [*added, *instead], before.withdrawn):
            for document, question in {one.documents[0]: one.question for one in reversed(found)}.items():
                why = f"{added[0].document}停止引用以后，检验题“{question[:MOST_SHOWN]}”会答成它写的"
                file_sha256 = self._published_file(document) or ""
                instead.append(replace(added[0], document=document, file_sha256=file_sha256, why=why))
        return instead

    def _stood_in(self, before: Served, hiding: Sequence[Withdrawal], besides: Withdrawn) -> list[StandIn]:
        """Return what would stand in, with four eyes, once these withdrawals and what is withdrawn `besides` hold."""
        if not (before.snapshot and self._settings.four_eyes):
            return []
        now = replace(before, withdrawn=besides.and_also(withdrawals.together(hiding)))
        return self._stand_ins.found(now, before, who=self._who, rows=self._audit.rows())

    def _to_withhold(
        self, before: Served, hiding: Sequence[Withdrawal], besides: Withdrawn, *, because: str, but: str = ""
    ) -> tuple[Withholding, ...]:
        """Return what is answered with nothing, with four eyes, once these withdrawals and those `besides` hold."""
        if not (before.snapshot and self._settings.four_eyes):
            return ()
        now = replace(before, withdrawn=besides.and_also(withdrawals.together(hiding)))
        return self._stand_ins.withheld(now, before, because=because, rows=self._audit.rows(), but=but)

    def _with_their_cause(self, withheld: Sequence[Withholding], names: Sequence[str]) -> tuple[Withholding, ...]:
        """Return what is withheld, each because of the one of these documents that gave the right reply."""
        record = self._record() if withheld and len(names) > 1 else None
        cited = {one.question_id: one.documents for one in record.golden} if record else {}
        causes = {
            question: [name for name in names if any(lies_in(one, name) for one in documents)]
            for question, documents in cited.items()
        }
        return tuple(replace(one, because=(causes.get(one.question_id) or [one.because])[0]) for one in withheld)

    def _withhold(self, connection: Connection, withheld: Sequence[Withholding]) -> None:
        if withheld:
            runtime_settings.withhold(connection, withheld, who=self._who)

    def _served(self, connection: Connection) -> Served:
        """Return what citizens are answered from; without a snapshot if nothing was published."""
        return Served(self._published() or "", withdrawals.withdrawn(connection))

    @needs(Role.PUBLISHER)
    def reinstate(self, name: str, *, why: str = "", seen: str | None = None) -> tuple[str, ...]:
        """Let a withdrawn document be quoted again; with an archive those within that were withdrawn with it.

        Return the outermost within that stay withdrawn. Raises `DocumentMissing`, `OwnWithdrawal`, `HolderWithdrawn`,
        and `Overtaken` if it is withdrawn or published otherwise, or its file is another, than was `seen`.

        Golden questions about a withdrawn document count for neither version. If its file changed since, whoever
        withdrew or changed it would publish what nobody else judged, so another person has to reinstate it.
        """
        why, store = reason(why), store_of(self._settings)
        with self._audit.action(self._who, "reinstate", target=name, why=why):
            served, withheld = self._without_stand_ins(name)
            # Nothing is published between the look at what is and the end.
            with store.writing(who=self._who), self._database() as connection:
                if self._served(connection) != served:
                    raise Overtaken(f"刚才有同事发布了新版本或停止、恢复了别的文件，{name}没有恢复引用；请再试一次")
                self._withhold(connection, withheld)
                left = self._reinstated(connection, name, seen)
                runtime_settings.settle(connection, name, who=self._who)
                return left

    def _without_stand_ins(self, name: str) -> tuple[Served, tuple[Withholding, ...]]:
        """Return what is served, and what is answered with nothing once a document is reinstated.

        Raises `OwnWithdrawal` if it would stand in for one that stays withdrawn.
        """
        with self._database() as connection:
            served, known = self._served(connection), withdrawals.read(connection)
        own = next((one for one in known if one.document == name), None)
        if own is None:
            return served, ()
        hiding = [one for one in known if not own.brings(one)]
        if found := self._stood_in(served, hiding, Withdrawn()):
            raise OwnWithdrawal(
                f"恢复引用{name}以后，检验题“{found[0].question[:MOST_SHOWN]}”会答成{'、'.join(found[0].documents)}写的，"
                "因为原来答对的文件停止了引用；请先恢复那份文件，或请另一位有“发布”角色的同事恢复这一份"
            )
        # Who reinstates a file that changed is another person, and answers for it.
        but = name if self._changed_since(own) else ""
        because = max(hiding, key=lambda one: one.at).document if hiding else name
        return served, self._to_withhold(served, hiding, Withdrawn(), because=because, but=but)

    def _reinstated(self, connection: Connection, name: str, seen: str | None) -> tuple[str, ...]:
        """Reinstate a document within the lock of publications; see `reinstate`."""
        if holder := withdrawals.holder(connection, name):
            raise HolderWithdrawn(name, holder)
        known = withdrawals.of(connection, name)
        if known and seen is not None and seen != self._seen(known):
            raise Overtaken(
                f"您打开这一页以后，{name}又改过、发布过或重新停止引用过，没有恢复引用；请看过现在的内容再恢复"
            )
        changed = known is not None and self._changed_since(known)
        if known and changed and self._settings.four_eyes and self._took_part(known):
            raise OwnWithdrawal(
                f"{name}停止引用以后文件改过，新的内容没有经过检验题；停止引用的人和改文件的人不能自己恢复，"
                "请另一位有“发布”角色的同事恢复引用"
            )
        if not known or not withdrawals.remove(connection, name):
            raise DocumentMissing(f"{name}没有被撤下；请刷新页面")
        within = withdrawals.within(connection, name)
        for one in within:
            if one.goes_with(known):
                withdrawals.remove(connection, one.document)
        if changed and (published := self._published()):
            unjudged.accept(store_of(self._settings), published, name)
        return _outermost([one.document for one in within if not one.goes_with(known)])

    def _seen(self, withdrawal: Withdrawal) -> str:
        """Return what whoever reinstates a document has to have seen."""
        now, record = {file.name: file.sha256 for file in self._scan().files}, self._record()
        return seen_of(withdrawal, withdrawal.document, now, record.sources if record else {})

    def _published_within(self, name: str) -> list[Document]:
        """Return the published documents within an archive."""
        published = self._published()
        if not published or not is_container(name):
            return []
        documents = store_of(self._settings).passages(published).documents
        return [one for one in documents if one.name.startswith(f"{name}/")]

    def _changed_since(self, withdrawal: Withdrawal) -> bool:
        """Return whether another file than the one withdrawn is published, waits in the folder, or was there meanwhile.

        A refresh under way has judged without the questions about the file, and publishes what it read before.
        """
        name = withdrawal.document
        if self._published_file(name) not in (None, withdrawal.file_sha256) or self._waits(withdrawal):
            return True
        return written_since(self._audit.rows(), name, withdrawal.second)

    def _waits(self, withdrawal: Withdrawal) -> bool:
        """Return whether the folder holds another file than the one withdrawn, or another archive around it."""
        record = self._record()
        for file in self._scan().files:
            if file.name == withdrawal.document:
                return file.sha256 != withdrawal.file_sha256
            if withdrawal.document.startswith(f"{file.name}/"):
                known = record.sources.get(file.name) if record else None
                return known is not None and known[0] != file.sha256
        return False

    def _published_file(self, name: str) -> str | None:
        """Return the hash of the file that a document, or all of an archive, is published from; None if none is.

        An archive within another has no hash of its own: it is known by the documents in it.
        """
        published = self._published()
        quoted = store_of(self._settings).document(published, name) if published else None
        if quoted:
            return quoted.file_sha256
        record = self._record()
        if known := record.sources.get(name) if record else None:
            return known[0]
        inner = any(is_container(holder) for holder in and_what_holds(name)[1:])
        within = sorted(f"{one.name} {one.file_sha256}" for one in self._published_within(name)) if inner else []
        return hashlib.sha256("\n".join(within).encode()).hexdigest() if within else None

    def _took_part(self, withdrawal: Withdrawal) -> bool:
        """Return whether this member withdrew the document, or is known to have changed its file since."""
        if withdrawal.who == self._who:
            return True
        published = self._published()
        built_at = store_of(self._settings).manifest(published).built_at if published else datetime.now(UTC)
        since = withdrawal.second
        return self._who in writers(self._audit.rows(), withdrawal.document, since=since, built_at=built_at)


def _outermost(names: Sequence[str]) -> tuple[str, ...]:
    """Return the names that lie in none of the others."""
    return tuple(name for name in names if not set(and_what_holds(name)[1:]) & set(names))
