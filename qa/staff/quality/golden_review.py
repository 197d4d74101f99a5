"""Four eyes on the golden questions: a change waits until another person with the role of publisher agrees.

The golden questions hold back a bad refresh: someone who could change them alone could let any refresh through.
"""

from collections.abc import Callable
from contextlib import suppress

from qa.bootstrap.refreshing import golden_of
from qa.evaluation.golden import golden_hash
from qa.evaluation.squad import QuestionFileError
from qa.publishing.serving import shared_folder_of
from qa.runtime.errors import StaffRefused, Unfit
from qa.runtime.settings import Settings
from qa.staff.permissions import Area, Role, needs
from qa.staff.quality import golden_proposals
from qa.staff.quality.golden_file import MOST_WORDS, GoldenFile, NewGolden, checked, line_of, place_of
from qa.staff.quality.golden_proposals import ADD, APPROVED, CHANGE, REJECTED, REMOVE, TAKEN_BACK, Proposal
from qa.storage import runtime_settings, versioned_rows
from qa.storage.database import Connection, together


class OwnProposal(StaffRefused):
    """An author of a change of a golden question tries to approve it."""


class GoldenReview(Area):
    """The changes of golden questions: proposed, revised, approved or rejected."""

    def __init__(self, settings: Settings, *, who: str, role: Role) -> None:
        super().__init__(settings, who=who, role=role)
        self._file = GoldenFile(settings.golden, settings.home, who=who, shared=shared_folder_of(settings))

    @needs(Role.EDITOR)
    def proposals(self) -> tuple[Proposal, ...]:
        """Return the changes that wait, the oldest first."""
        with self._database() as database:
            return tuple(golden_proposals.read(database))

    @needs(Role.EDITOR)
    def proposal(self, number: int) -> Proposal:
        """Return one change, waiting or decided. Raises `Missing`."""
        with self._database() as database:
            return golden_proposals.one(database, number)

    @needs(Role.EDITOR)
    def may_approve(self, proposal: Proposal) -> bool:
        """Return whether this member may approve it, so that a page need not offer what would be refused."""
        own = self._who in proposal.authors
        return self.may(Role.PUBLISHER) and not (self._settings.four_eyes and own)

    @needs(Role.EDITOR)
    def propose(self, new: NewGolden, *, why: str = "") -> Proposal:
        """Propose a new question. Raises `Unfit`."""
        new = checked(new)
        return self._proposed(ADD, new, why=versioned_rows.filled(why, "原因", most=MOST_WORDS, least=0))

    @needs(Role.EDITOR)
    def propose_change(self, golden_id: str, version: str, new: NewGolden, *, why: str) -> Proposal:
        """Propose to replace a question. Raises `Overtaken`, `Missing`, `Unfit`."""
        why = versioned_rows.filled(why, "修改的原因", most=MOST_WORDS)
        return self._proposed(CHANGE, checked(new), of=golden_id, version=version, why=why)

    @needs(Role.EDITOR)
    def propose_removal(self, golden_id: str, version: str, *, why: str) -> Proposal:
        """Propose to remove a question. Raises `Overtaken`, `Missing`, `Unfit`."""
        why = versioned_rows.filled(why, "删除的原因", most=MOST_WORDS)
        return self._proposed(REMOVE, None, of=golden_id, version=version, why=why)

    @needs(Role.EDITOR)
    def revise(self, number: int, version: int, new: NewGolden, *, why: str = "") -> Proposal:
        """Replace the text of a waiting change, as one more of its authors.

        Raises `Overtaken`, `Missing`, `Unfit`.
        """
        new, why = checked(new), versioned_rows.filled(why, "原因", most=MOST_WORDS, least=0)
        with (
            self._audit.action(self._who, "golden", target=f"revise {number}", why=why) as action,
            self._database() as database,
            together(database),
        ):
            if golden_proposals.waiting(database, number).kind == REMOVE:
                raise Unfit("这一条是要删除检验题，没有可改的内容；请撤回后再提出修改")
            revised = golden_proposals.revise(database, number, version, new, why=why, who=self._who)
            revised.applied(self._file.lines())
            action.target = _told("revise", revised)
            return revised

    @needs(Role.PUBLISHER)
    def approve(self, number: int, version: int) -> Proposal:
        """Put a change into effect; the next refresh asks the question.

        No author may approve it, unless the office has a single publisher. Raises `Overtaken`, `Missing`, `Unfit`,
        `OwnProposal`, `GoldenNotWritten`.
        """
        with (
            self._audit.action(self._who, "golden", target=f"approve {number}") as action,
            # The file first: waiting for it must not keep the database from others.
            self._file.held(),
            self._database() as database,
            together(database),
        ):
            authors = golden_proposals.waiting(database, number).authors
            if self._settings.four_eyes and self._who in authors:
                raise OwnProposal(
                    f"这条改动有您写的（{'、'.join(authors)}），请另一位没有改过它、有“发布”角色的同事同意"
                )
            decided = golden_proposals.decide(database, number, version, APPROVED, who=self._who)
            before = self._file.lines()
            after = decided.applied(before)
            self._file.write(after)
            self._release(database)
            gone = "".join(f" was {line.decode('utf-8', 'replace')}" for line in before if line not in after)
            action.target = _told("approve", decided) + gone
            return decided

    def _release(self, database: Connection) -> None:
        """Answer again what no golden question knows to be wrong any more."""
        with suppress(QuestionFileError):
            asked = [golden_hash([one]) for one in golden_of(self._settings)]
            runtime_settings.release(database, asked=asked, who=self._who)

    @needs(Role.PUBLISHER)
    def reject(self, number: int, version: int, *, why: str) -> Proposal:
        """Reject a change, with a reason. Raises `Overtaken`, `Missing`, `Unfit`."""
        why = versioned_rows.filled(why, "不同意的原因", most=MOST_WORDS)
        return self._ended(number, version, REJECTED, why)

    @needs(Role.EDITOR)
    def take_back(self, number: int, version: int) -> Proposal:
        """Withdraw a change of one's own. Raises `Overtaken`, `Missing`, `Unfit`."""

        def own(proposal: Proposal) -> None:
            if self._who not in proposal.authors:
                raise Unfit(f"只有提出的人（{'、'.join(proposal.authors)}）能撤回；有“发布”角色的同事可以“不同意”")

        return self._ended(number, version, TAKEN_BACK, "", check=own)

    def _proposed(self, kind: str, new: NewGolden | None, *, why: str, of: str = "", version: str = "") -> Proposal:
        with (
            self._audit.action(self._who, "golden", target=f"propose {kind} {of}".strip(), why=why) as action,
            self._database() as database,
            together(database),
        ):
            lines = self._file.lines()
            if kind != ADD:
                place_of(lines, of, version)
            made = golden_proposals.insert(database, lines, kind, new, of=of, why=why, who=self._who)
            action.target = _told("propose", made)
            return made

    def _ended(
        self, number: int, version: int, state: str, why: str, *, check: Callable[[Proposal], None] | None = None
    ) -> Proposal:
        word = "reject" if state == REJECTED else "take back"
        with (
            self._audit.action(self._who, "golden", target=f"{word} {number}", why=why) as action,
            self._database() as database,
            together(database),
        ):
            if check:
                check(golden_proposals.waiting(database, number))
            ended = golden_proposals.decide(database, number, version, state, who=self._who, why=why)
            action.target = _told(word, ended)
            if ended.kind == ADD:
                _reopen(database, ended.golden, who=self._who)
            return ended


def adopt(
    database: Connection, file: GoldenFile, new: NewGolden, *, why: str, who: str, approved_by: str = ""
) -> Proposal:
    """Propose a new question in a transaction of the caller, who has checked it and holds the file.

    With `approved_by`, who approved these very words before, it takes effect at once.
    """
    lines = file.lines()
    made = golden_proposals.insert(database, lines, ADD, new, of="", why=why, who=who)
    if not approved_by:
        return made
    made = golden_proposals.decide(database, made.id, made.version, APPROVED, who=who, by=approved_by)
    file.write(made.applied(lines))
    return made


def _reopen(database: Connection, golden: str, *, who: str) -> None:
    """Reopen a to-do group that was closed with a question which will not be asked."""
    database.execute(
        "UPDATE todo SET state = 'working', done_at = NULL, golden = NULL, version = version + 1, changed_by = ?,"
        " changed_at = ? WHERE golden = ?",
        (who, versioned_rows.now(), golden),
    )


def _told(word: str, proposal: Proposal) -> str:
    """Return the entry of the audit log: what happens to which question."""
    to = f" to {line_of(proposal.golden, proposal.after, {}).decode()}" if proposal.after else ""
    return f"{word} {proposal.id}: {proposal.kind} {proposal.golden}{to}"
