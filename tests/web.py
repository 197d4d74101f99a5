"""An assistant made by hand, for tests of what surrounds it."""

import asyncio
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from fastapi import FastAPI

from app import create_app
from qa import settings as settings_table
from qa.reply import Abstention, Answer, Citation, Reason, Reply, Turn
from qa.settings import Settings

ADDRESS = "http://127.0.0.1:7860"

BEFORE = "两地教育部门每年互派教师。"
QUOTE = "截至去年底，两地学校共结成7对帮扶对子。"
AFTER = "结对学校每学期开展一次联合教研。"


@dataclass(frozen=True, slots=True)
class Status:
    """What the fake serves."""

    snapshot: str = "000001"
    built_at: datetime = datetime(2026, 1, 1, tzinfo=UTC)
    passages: int = 3
    degraded: str = ""


def citation(text: str = QUOTE, *, title: str = "两地学校结对") -> Citation:
    at = text.find("7对")
    marks = ((at, at + 2),) if at >= 0 else ()
    return Citation("school.md", title, ("教育", "结对"), 40, 40 + len(text), text, marks, BEFORE, AFTER)


def answer(question: str, history: Sequence[Turn] = ()) -> Reply:
    """A reply of each kind, chosen by a word of the question."""
    asked: dict[str, Any] = {"question": question, "snapshot": "000001", "elapsed_ms": 12.0}
    if not question.strip() or len(question) > 500:
        return Abstention(
            **asked, standalone_question=question, reason=Reason.UNCLEAR, text="请把问题写在500字以内。", rejected=True
        )
    if "天气" in question:
        return Abstention(
            **asked,
            standalone_question=question,
            reason=Reason.OFF_TOPIC,
            text="文件里没有找到与这个问题有关的内容。",
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


@dataclass
class FakeAssistant:
    """Answers by a function; `asked` holds what it was asked, `gate`, when set, keeps it waiting."""

    reply: Callable[[str, Sequence[Turn]], Reply] = answer
    status: Status = field(default_factory=Status)
    asked: list[tuple[str, tuple[Turn, ...]]] = field(default_factory=list)
    gate: threading.Event | None = None

    def ask(self, question: str, history: Sequence[Turn] = ()) -> Reply:
        self.asked.append((question, tuple(history)))
        if self.gate:
            self.gate.wait(20)
        return self.reply(question, history)


def settings(home: Path, **environment: str) -> Settings:
    return settings_table.read({"QA_HOME": str(home), **environment})


def make_app(assistant: FakeAssistant, home: Path, **environment: str) -> FastAPI:
    """The whole web app around a fake assistant."""

    async def make() -> FastAPI:
        return create_app(assistant, settings(home, **environment))

    # Within a loop: without one, Gradio makes a loop of its own and leaves it open.
    return asyncio.run(make())
