"""Written answers: a language model writes from the passages, and only checked sentences are shown.

The quoted answer comes first. Whatever fails, it is the reply, whole.
"""

import asyncio
import re
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import replace
from typing import Protocol

from corpus.document import Passage
from qa.answering import personal_data
from qa.answering.forms.figures import facts
from qa.answering.reply import QUOTED, Abstention, Answer, Reason, Reply, Turn
from qa.answering.screening import MAX_QUESTION, clean, screen
from qa.generation import prompts
from qa.generation.breaker import LanguageModelError, Resting
from qa.generation.client import Endpoint, Unreachable
from qa.generation.draft import BROKEN, DOWN, RESTING, UNSUPPORTED, Draft, Grounds
from qa.generation.entailment import Agrees
from qa.generation.faults import Fault
from qa.generation.grounding import check, is_markup
from qa.generation.injection import orders
from qa.generation.vocabulary import unsaid

# Sentences read of one answer before it is given up.
MOST_JUDGED = 2 * prompts.MOST_SENTENCES
MOST_TURNS = 3
# Such refusals may come from a follow-up that was not understood.
WORTH_COMPLETING = (Reason.OFF_TOPIC, Reason.NOT_IN_DOCUMENTS)


_END = re.compile(
    r"(?:[。！？!?]+[”’」』）)]*|\n)\s*(?:(?:\[[^\[\]\n]{0,20}\]|［[^［］\n]{0,20}］|【[^【】\n]{0,20}】)\s*。?)*"
)
# Words that only ask, which a completed question may add.
_ASKING = " 什么 多少 哪些 哪个 哪里 哪年 谁 何时 什么时候 怎么 怎样 如何 为什么 是否 有没有 吗 呢 请问 几 多大 多久"
_NONE = re.compile(r"[无無]|none", re.IGNORECASE)


class AskAgain(Protocol):
    """Returns the quoted reply to a question."""

    async def __call__(self, question: str, history: Sequence[Turn] = ()) -> Reply: ...


class Writer:
    """Writes answers with the model at an endpoint; safe to use from several event loops."""

    def __init__(self, endpoint: Endpoint, grounds: Grounds, agrees: Agrees) -> None:
        self.endpoint = endpoint
        self._grounds = grounds
        self._agrees = agrees

    @property
    def resting(self) -> bool:
        """Whether the endpoint is not asked for now."""
        return self.endpoint.breaker.open

    async def write(self, quoted: Answer) -> AsyncGenerator[Answer]:
        """Yield the answer as it grows, by checked sentences; the last one is the reply, written or quoted."""
        if quoted.made_by != QUOTED:
            yield quoted
            return
        passages = await asyncio.to_thread(self._passages, quoted)
        if not passages:
            yield replace(quoted, unwritten=UNSUPPORTED)
            return
        draft = Draft(quoted, passages, self._grounds)
        try:
            messages = prompts.write(personal_data.mask(quoted.standalone_question), passages)
            async with aclosing(self.endpoint.stream(messages)) as pieces, aclosing(sentences(pieces)) as written:
                async for sentence in written:
                    if _NONE.fullmatch(sentence.strip("。. \n")):
                        break
                    if await asyncio.to_thread(self._judge, sentence, draft):
                        yield draft.answer()
                    if len(draft.sentences) == prompts.MOST_SENTENCES or draft.judged == MOST_JUDGED:
                        break
        except LanguageModelError as error:
            yield replace(quoted, unwritten=_why(error))
            return
        yield draft.finished()

    async def understood(self, quoted: Reply, history: Sequence[Turn], ask: AskAgain) -> Reply:
        """Return the reply to a follow-up as the model completes it; `quoted` if that is no better."""
        follows = isinstance(quoted, Answer) and quoted.standalone_question != quoted.question
        refused = isinstance(quoted, Abstention) and quoted.reason in WORTH_COMPLETING
        whole = await self.complete(quoted.question, history) if history and (follows or refused) else ""
        if not whole or whole == quoted.standalone_question:
            return quoted
        other = await ask(whole)
        if isinstance(other, Abstention):
            return quoted
        return replace(other, question=quoted.question, standalone_question=whole)

    async def reply(self, question: str, history: Sequence[Turn], ask: AskAgain) -> Reply:
        """Return the whole reply to a question that `ask` answers with quotations."""
        quoted = await ask(question, history)
        quoted = await self.understood(quoted, history, ask)
        return await self.finish(quoted) if isinstance(quoted, Answer) else quoted

    async def finish(self, quoted: Answer) -> Answer:
        """Return only the final reply."""
        reply = quoted
        async with aclosing(self.write(quoted)) as growing:
            async for answer in growing:
                reply = answer
        return reply

    async def complete(self, question: str, history: Sequence[Turn]) -> str:
        """Return a follow-up as a standalone question, in words of it and the turns only; empty on failure."""
        turns = [
            Turn(personal_data.mask(turn.question), personal_data.mask(turn.reply)) for turn in history[-MOST_TURNS:]
        ]
        text = ""
        try:
            messages = prompts.rewrite(personal_data.mask(question), turns)
            async with aclosing(self.endpoint.stream(messages, most_tokens=100)) as pieces:
                async for piece in pieces:
                    text += piece
                    if "\n" in text.lstrip() or len(text) > MAX_QUESTION:
                        break
        except LanguageModelError:
            return ""
        lines = text.strip().splitlines()
        whole = clean(lines[0]) if lines else ""
        said = "\n".join([question, *(part for turn in turns for part in (turn.question, turn.reply))])
        return whole if whole and _says_no_more(whole, said) else ""

    def _passages(self, quoted: Answer) -> list[Passage]:
        """Return what the answer may be written from; empty if the quoted words address a machine."""
        if any(orders(citation.text) for citation in quoted.citations):
            return []
        return [p for p in self._grounds.evidence(quoted) if not orders(_with_headings(p))]

    def _judge(self, sentence: str, draft: Draft) -> bool:
        verdict = check(sentence, draft.passages)
        if verdict.fault is None and orders(verdict.text):
            verdict = replace(verdict, fault=Fault.WORDS)
        support = [replace(draft.passages[s.passage], span=s.span) for s in verdict.support]
        if verdict.fault is None and not self._agrees(verdict.text, support):
            verdict = replace(verdict, fault=Fault.DISAGREES)
        return draft.take(verdict)


async def sentences(pieces: AsyncGenerator[str]) -> AsyncGenerator[str]:
    """Yield whole sentences with their citations; an unfinished one is dropped."""
    waiting = ""
    async for piece in pieces:
        waiting += piece
        while (end := _END.search(waiting)) and (end.end() < len(waiting) or waiting.endswith("\n")):
            if waiting[end.end() : end.end() + 1] in ("[", "［", "【") and len(waiting) - end.end() <= 20:
                break  # a citation may still continue
            sentence, waiting = waiting[: end.end()], waiting[end.end() :]
            if sentence.strip():
                yield sentence
    if waiting.strip() and waiting.endswith("\n"):
        yield waiting


def _says_no_more(whole: str, said: str) -> bool:
    """Return whether a rewritten question names nothing new, and may be asked."""
    mine, its = facts(whole), facts(said)
    known = all(any(f.same(other) for other in its.figures) for f in mine.figures)
    known = known and all(any(d.within(other) for other in its.dates) for d in mine.dates)
    plain = len(whole) <= MAX_QUESTION and not screen(whole) and not personal_data.find(whole) and not is_markup(whole)
    return plain and known and unsaid(mine, its.copy + _ASKING, "") is None


def _with_headings(passage: Passage) -> str:
    return "\n".join([passage.document.title, *passage.headings, passage.text])


def _why(error: LanguageModelError) -> str:
    return RESTING if isinstance(error, Resting) else DOWN if isinstance(error, Unreachable) else BROKEN
