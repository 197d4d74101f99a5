"""An office whose staff follow questions: a published snapshot of toy documents, a log, and a console over both."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from corpus.text.passages import PASSAGE_TOKENS
from index.snapshots.snapshot import build
from qa.answering.reader.similarity import SimilarityReader
from qa.answering.reply import Abstention, Answer, Citation, Reason, Reply
from qa.bootstrap.models import Models
from qa.runtime.settings import Settings, read
from qa.staff.console import Console
from qa.staff.permissions import Role
from qa.staff.quality.golden_proposals import Proposal
from qa.staff.reviewed_answers.answer import ReviewedAnswer
from qa.storage.database import DATABASE, open_database
from qa.storage.question_log import Log, new_id
from tests.support.doubles.toy import COOPERATION, INDUSTRY, ToyEmbedder

NOW = datetime.now(UTC)
NEXT_YEAR = date(date.today().year + 1, 6, 30)
WORDS = "有会员企业237家"
QUOTED = Answer(
    question="商会有多少会员？",
    standalone_question="商会有多少会员？",
    snapshot="snapshot-000001",
    text="有会员企业237家。",
    citations=(Citation("合作.txt", "合作", (), 0, 9, "有会员企业237家"[:9]),),
    confidence=0.9,
    elapsed_ms=100.0,
)
REFUSED = Abstention(
    question="校长是谁？",
    standalone_question="校长是谁？",
    snapshot="snapshot-000001",
    reason=Reason.NOT_IN_DOCUMENTS,
    text="没有找到。",
    confidence=0.2,
    elapsed_ms=200.0,
)


class LoopOffice:
    """Below `home`: two documents published, golden questions in a file, a log to write into."""

    def __init__(self, home: Path, **environment: str) -> None:
        self.home = home
        self.environment = environment
        self.folder = home / "documents"
        self.folder.mkdir()
        self.embedder = ToyEmbedder()
        self.golden = home / "golden.jsonl"
        self.log = Log(open_database(home / DATABASE), keep_days=180, share_days=90)
        self.publish(COOPERATION.text)

    @property
    def settings(self) -> Settings:
        return read(
            {
                "QA_HOME": str(self.home),
                "QA_DOCUMENTS": str(self.folder),
                "QA_READER": "similarity",
                "QA_EMBEDDING_MODEL": "toy",
                **self.environment,
            }
        )

    def console(self, who: str = "王芳", role: Role = Role.ADMIN) -> Console:
        def reader() -> SimilarityReader:
            found = SimilarityReader(self.embedder)
            found.threshold = 0.3
            return found

        return Console(self.settings, who=who, role=role, models=Models(lambda: self.embedder, reader))

    def publish(self, text: str) -> str:
        """Publish a snapshot in which the first document says `text`."""
        store = self.console()._store
        documents = [replace(COOPERATION, text=text, headings=()), INDUSTRY]
        snapshot = build(documents, self.embedder, max_tokens=PASSAGE_TOKENS)
        with store.writing():
            name = store.save(snapshot)
            store.publish(name)
        return name

    def note(self, reply: Reply = REFUSED, question: str = "", *, days: float = 0.0, verdict: str = "") -> str:
        """Write a reply into the log as given some days ago; its id."""
        question = question or reply.standalone_question
        asked = replace(reply, question=question, standalone_question=question)
        reply_id = new_id()
        self.log.add(reply_id, asked, datetime.now(UTC) - timedelta(days=days), channel="page", documents={})
        if verdict:
            self.log.judge(reply_id, verdict, NOW, comment="")
        return reply_id

    def agree(self, proposal: Proposal, *, who: str = "赵蕾") -> Proposal:
        """A change of the golden questions, approved by another person than its authors."""
        return self.console(who, Role.PUBLISHER).golden.approve(proposal.id, proposal.version)

    def review(self, *questions: str, text: str = "会员企业共237家。", approved: bool = True) -> ReviewedAnswer:
        """A reviewed answer with `WORDS` as its source."""
        desk = self.console("李强", Role.EDITOR).reviewed
        place = desk.place("合作.txt", WORDS)
        asked: Sequence[str] = questions or ("商会的会员有多少？",)
        answer = desk.write(
            asked, text, owner="商务委", expires_on=NEXT_YEAR, document="合作.txt", start=place.start, end=place.end
        )
        return self.console().reviewed.approve(answer.id, answer.version) if approved else answer
