"""An assistant made by hand, for tests of what surrounds it."""

import asyncio
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from unittest import mock

from corpus.document import Document, Heading, Span
from qa.answering.replies import abstained
from qa.answering.reply import Abstention, Answer, Choice, Citation, Reason, Reply, Turn
from qa.evaluation.golden import GoldenQuestion
from qa.runtime import settings as settings_table
from qa.runtime.settings import Settings
from qa.service.admission import Admission
from qa.service.answer_queue import AnswerQueue
from qa.service.rate_limit import Limit
from qa.service.sources import Source
from qa.service.suggestions import Suggestions
from qa.storage.database import DATABASE, open_database
from qa.storage.question_log import Log
from qa.storage.runtime_settings import CurrentSettings

if TYPE_CHECKING:
    from fastapi import FastAPI

ADDRESS = "http://127.0.0.1:7860"

BEFORE = "两地教育部门每年互派教师。"
QUOTE = "截至去年底，两地学校共结成7对帮扶对子。"
AFTER = "结对学校每学期开展一次联合教研。"
START = 40


@dataclass(frozen=True, slots=True)
class Status:
    """What the fake serves."""

    snapshot: str = "000001"
    built_at: datetime = datetime(2026, 1, 1, tzinfo=UTC)
    passages: int = 3
    degraded: str = ""


def _text() -> str:
    heading = "教育\n\n两地教育往来由来已久。\n\n结对\n\n"
    body = heading + BEFORE.rjust(START - len(heading), "前") + QUOTE + AFTER
    return body + "".join(f"\n\n第{number}段，写的是别的事。" for number in range(40))


def document(name: str = "school.md", title: str = "两地学校结对") -> Document:
    """The document in which `QUOTE` stands at `START`."""
    text = _text()
    headings = [Heading(2, Span(text.index(words), text.index(words) + 2)) for words in ("教育\n", "结对\n")]
    return Document(name, title, text, tuple(headings), source="市教育局《结对简报》")


@dataclass
class FakeSources:
    """Gives the documents it holds, whatever the snapshot, with a note if there is one."""

    documents: dict[str, Document] = field(default_factory=lambda: {"school.md": document()})
    note: str = ""

    def open(self, snapshot: str, name: str) -> Source | None:
        found = self.documents.get(name)
        return Source(found, self.note) if found else None

    def served(self) -> list[Document]:
        return list(self.documents.values())

    def content_hash(self, snapshot: str, name: str) -> str:
        return self.documents[name].content_hash if name in self.documents else ""


GOLDEN = [
    GoldenQuestion(f"g{number}", question, (("7对",),), True, ("direct",))
    for number, question in enumerate(
        ("两地学校结成多少对？", "去年底共有多少对帮扶对子？", "学校结对的总数是多少？", "共结成多少对子？")
    )
]

IN_ENGLISH = GoldenQuestion("en", "How many pairs of schools are twinned?", (("7对",),), True, ("english",))


def citation(text: str = QUOTE, *, title: str = "两地学校结对") -> Citation:
    at = text.find("7对")
    marks = ((at, at + 2),) if at >= 0 else ()
    return Citation("school.md", title, ("教育", "结对"), START, START + len(text), text, marks, BEFORE, AFTER)


def answer(question: str, history: Sequence[Turn] = ()) -> Reply:
    """A reply of each kind, chosen by a word of the question."""
    asked: dict[str, Any] = {"question": question, "snapshot": "000001", "elapsed_ms": 12.0}
    if not question.strip() or len(question) > 500:
        return Abstention(
            **asked, standalone_question=question, reason=Reason.UNCLEAR, text="请把问题写在500字以内。", rejected=True
        )
    if "天气" in question or "weather" in question:
        return Abstention(
            **asked,
            standalone_question=question,
            reason=Reason.OFF_TOPIC,
            text=abstained(Reason.OFF_TOPIC, question),
            nearest=(citation(),),
        )
    standalone = f"{history[-1].question}：{question}" if history else question
    return Answer(
        **asked,
        standalone_question=standalone,
        text=QUOTE,
        short="7对" if "多少" in question else None,
        citations=(citation(),),
        confidence=0.9,
    )


def two_documents(question: str, history: Sequence[Turn] = ()) -> Reply:
    """An answer that leaves a choice between two documents, whatever is asked."""
    town, village = (
        Citation(f"{name}.md", f"{title}居民取暖补贴办法", (), 0, len(text), text, ((2, 6),))
        for name, title, text in (("town", "城镇", "每户380元。"), ("village", "农村", "每户250元。"))
    )
    return Answer(
        question=question,
        standalone_question=question,
        snapshot="000001",
        elapsed_ms=12.0,
        text=f"{town.text}\n{village.text}",
        short="城镇：380元；农村：250元",
        citations=(town, village),
        confidence=0.9,
        choices=(Choice("town.md", "城镇"), Choice("village.md", "农村")),
    )


@dataclass
class FakeAssistant:
    """Answers by a function; `asked` holds what it was asked, `chosen` of which document; a `gate` keeps it waiting."""

    reply: Callable[[str, Sequence[Turn]], Reply] = answer
    status: Status = field(default_factory=Status)
    asked: list[tuple[str, tuple[Turn, ...]]] = field(default_factory=list)
    gate: threading.Event | None = None
    chosen: list[str] = field(default_factory=list)

    def ask(self, question: str, history: Sequence[Turn] = (), *, document: str = "") -> Reply:
        self.asked.append((question, tuple(history)))
        self.chosen.append(document)
        if self.gate:
            self.gate.wait(120)
        reply = self.reply(question, history)
        if document and isinstance(reply, Answer):
            cited = tuple(one for one in reply.citations if one.document == document)
            # Of a document that is none, all are asked, as the manual says.
            if cited:
                return replace(reply, document=document, citations=cited, text=cited[0].text, short=None, choices=())
        return reply

    def nearest(self, query: str, *, count: int) -> Sequence[Citation]:
        return (citation(),)[:count]


def settings(home: Path, **environment: str) -> Settings:
    return settings_table.read({"QA_HOME": str(home), **environment})


@contextmanager
def one_gradio_app_a_page() -> Iterator[None]:
    """Have Gradio make the web app of a page that is served only, not those for its own launch: half of the work."""
    import gradio.blocks

    with mock.patch.object(gradio.blocks, "App", SimpleNamespace(create_app=lambda *_, **__: None)):
        yield


def make_app(assistant: FakeAssistant, home: Path, sources: FakeSources | None = None, **environment: str) -> "FastAPI":
    """The whole web app around a fake assistant, without limits and remembered replies unless set."""
    # Here: Gradio takes seconds to import, and the other doubles are used without it.
    from qa.web.application import create_app

    unlimited = {"QA_ADDRESS_PER_MINUTE": "0", "QA_SESSION_PER_MINUTE": "0", "QA_KEPT_REPLIES": "0"}

    async def make() -> "FastAPI":
        chosen = settings(home, **{**unlimited, **environment})
        with one_gradio_app_a_page():
            return create_app(assistant, chosen, sources=sources or FakeSources())

    # Within a loop: without one, Gradio makes a loop of its own and leaves it open.
    return asyncio.run(make())


def admission(
    assistant: FakeAssistant,
    home: Path,
    *,
    sources: FakeSources | None = None,
    golden: Sequence[GoldenQuestion] = (),
    per_address: int = 0,
    per_session: int = 0,
    **desk: Any,
) -> Admission:
    """An admission with a log of its own below `home`."""
    at_desk = AnswerQueue(assistant, **{"kept": 0, **desk})
    return Admission(
        at_desk,
        sources=sources or FakeSources(),
        log=Log(open_database(home / DATABASE), keep_days=180, share_days=90),
        switches=CurrentSettings(open_database(home / DATABASE), seconds=0),
        suggestions=Suggestions(
            assistant.ask,
            golden,
            served=lambda: assistant.status.snapshot,
            idle=lambda: True,
            file=home / "offered.json",
        ),
        per_address=Limit(per_address),
        per_session=Limit(per_session),
    )
