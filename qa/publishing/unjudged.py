"""What golden questions did not judge in a snapshot: documents that were withdrawn while they were asked, or since.

Nobody sees a document while it is withdrawn. Served after it was reinstated, it would reach citizens unjudged; and what
was judged beside it answers alone, once it is withdrawn.
"""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import date, datetime
from pathlib import PurePosixPath

from corpus.validity import About
from index.snapshots.errors import StoreError
from index.snapshots.snapshot import Snapshot, SnapshotDamaged
from index.snapshots.store import Store
from qa.evaluation.golden import GoldenQuestion, golden_hash
from qa.publishing import records
from qa.publishing.published import record_of
from qa.publishing.records import Record
from qa.storage import reviewed_answers, runtime_settings
from qa.storage.database import Where, open_database
from qa.storage.reviewed_answers import why_not_shown
from qa.storage.withdrawals import withdrawn


def found(
    candidate: Snapshot, before: Snapshot | None, known: Record | None, hidden: Collection[str]
) -> dict[str, str]:
    """Return the files of the candidate's documents that nobody judged, by their names.

    They were `hidden` when it was judged, and are others than in the snapshot before, or were not judged there either.
    """
    same = {one.name: one.content_hash for one in before.documents} if before else {}
    still = known.unjudged if known else {}
    return {
        one.name: one.file_sha256
        for one in candidate.documents
        if one.name in hidden and (one.name in still or same.get(one.name) != one.content_hash)
    }


def returned(unjudged: Mapping[str, str], where: Where | None) -> str:
    """Return, in Chinese, which of these documents citizens would see now; empty if all are still withdrawn."""
    if not unjudged or where is None:
        return ""
    withdrawn = runtime_settings.current(where).withdrawn
    names = [name for name, sha256 in unjudged.items() if not withdrawn.covers(name, sha256)]
    if not names:
        return ""
    return f"检验的时候{'、'.join(names)}停止引用，没有检验过，后来又恢复了引用；请再发布一次，这次会检验"


def hidden_otherwise(candidate: Snapshot, judged_without: Collection[str], where: Where | None) -> str:
    """Return, in Chinese, what was withdrawn or reinstated since the candidate was judged; empty if nothing was."""
    if where is None:
        return ""
    hides = runtime_settings.current(where).withdrawn.hides
    gone = [one.name for one in candidate.documents if one.name not in judged_without and hides(one)]
    back = [one.name for one in candidate.documents if one.name in judged_without and not hides(one)]
    if gone:
        return f"检验开始以后{'、'.join(gone)}停止了引用；请再发布一次，这次会不用它检验"
    return f"检验开始以后{'、'.join(back)}恢复了引用；请再发布一次，这次会连它一起检验" if back else ""


def unanswered(candidate: Snapshot, since: str, where: Where | None) -> str:
    """Return, in Chinese, which questions staff answered since then from words that the candidate lacks; else empty."""
    if where is None:
        return ""
    with closing(open_database(where)) as database:
        hidden, answers = withdrawn(database), reviewed_answers.read(database)
    documents = {one.name: one for one in candidate.documents}
    lost = [
        one.questions[0]
        for one in answers
        if one.state == reviewed_answers.LIVE
        and datetime.fromisoformat(one.changed_at) >= datetime.fromisoformat(since)
        and why_not_shown(one, documents.get(one.source.document), date.today(), hidden)
    ]
    return f"检验开始以后审核了“{'”“'.join(lost)}”的人工答案，这一版里没有它的出处；请再发布一次" if lost else ""


def release(golden: Sequence[GoldenQuestion], where: Where | None, *, who: str) -> None:
    """Answer again what was answered with nothing for a question that is no golden question any more."""
    if where is not None:
        with closing(open_database(where)) as database:
            runtime_settings.release(database, asked=[golden_hash([one]) for one in golden], who=who)


def at_stake(store: Store, snapshot: str, published: str, where: Where | None) -> str:
    """Return the approved answers whose words a snapshot holds otherwise than the published one, as they read now."""
    if where is None:
        return ""
    with closing(open_database(where)) as database:
        live = [one for one in reviewed_answers.read(database) if one.state == reviewed_answers.LIVE]
    named = {one.source.document for one in live}
    kept, other = ({name: _words(store, version, name) for name in named} for version in (published, snapshot))
    return " ".join(
        f"{one.id}:{hashlib.sha256(repr((one.questions, one.text, one.source)).encode()).hexdigest()}"
        for one in live
        if kept[one.source.document] != other[one.source.document]
    )


def _words(store: Store, snapshot: str, name: str) -> tuple[str, About] | None:
    """Return what decides whether an answer may quote a document of a snapshot; None if there is none to quote."""
    try:
        found = store.document(snapshot, name) if snapshot else None
    except (StoreError, SnapshotDamaged):
        return None
    return (found.content_hash, found.about) if found else None


def accept(store: Store, snapshot: str, document: str) -> None:
    """Note that staff answer for a document, or all in an archive, as a snapshot holds it; its questions are open.

    Call within `Store.writing`.
    """
    record = record_of(store, snapshot)
    if record is None:
        return
    unjudged = {name: sha256 for name, sha256 in record.unjudged.items() if not _in(name, document)}
    suspended = {
        question: documents
        for question, documents in record.suspended.items()
        if not any(_in(name, document) for name in documents)
    }
    if (unjudged, suspended) != (record.unjudged, record.suspended):
        records.write(store, snapshot, replace(record, unjudged=unjudged, suspended=suspended))


def _in(name: str, document: str) -> bool:
    return document in (name, *map(str, PurePosixPath(name).parents))
