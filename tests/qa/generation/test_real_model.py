"""The contract with a real model: streaming, stop, time-out, death in mid-answer, restart. Run by `make test-llm`.

The model is so small that what it writes is worth nothing; that none of it is shown unchecked is worth the test.
"""

import asyncio
import os
from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import aclosing

import pytest
from pydantic import SecretStr

from qa.answering.reply import QUOTED, WRITTEN
from qa.generation.breaker import Breaker, LanguageModelError
from qa.generation.client import Endpoint, Message, Unreachable
from qa.generation.grounding import check
from qa.generation.writer import Writer
from tests.support.doubles.writing import Grounds, growing, quoted, shipped
from tests.support.programs.llama_server import Llama, weights
from tests.support.programs.serving import free_port

pytestmark = pytest.mark.skipif(not os.environ.get("REAL_MODEL"), reason="make test-llm runs it")

PATIENT = 240.0
# A base model goes on with what it is shown.
EXAMPLES = "问：一加一等于几？\n答：一加一等于二。\n问：二加二等于几？\n答：二加二等于四。\n问：三加三等于几？\n答："
COUNTING = [Message("user", EXAMPLES)]


@pytest.fixture(scope="module")
def llama(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Llama]:
    model = Llama(weights(tmp_path_factory.mktemp("model")), free_port())
    model.start()
    yield model
    model.kill()


class Brief(Endpoint):
    """Writes a few words only: what comes of them does not hang on how many they are."""

    async def stream(
        self, messages: Sequence[Message], *, most_tokens: int = 48, stop: str | None = None
    ) -> AsyncGenerator[str]:
        async with aclosing(super().stream(messages, most_tokens=min(most_tokens, 48), stop=stop)) as pieces:
            async for piece in pieces:
                yield piece


def connect(llama: Llama, *, seconds: float = PATIENT, breaker: Breaker | None = None) -> Endpoint:
    return Endpoint(
        f"{llama.address}/v1", "gemma", SecretStr("none"), seconds=seconds, breaker=breaker, first_delay=0.05
    )


def read(endpoint: Endpoint, *, most: int, messages: list[Message] = COUNTING) -> list[str]:
    async def collect() -> list[str]:
        return [piece async for piece in endpoint.stream(messages, most_tokens=most)]

    return asyncio.run(collect())


def test_the_text_comes_in_pieces(llama: Llama) -> None:
    pieces = read(connect(llama), most=12)
    assert len(pieces) >= 3 and "".join(pieces).strip()


def test_who_stops_leaves_the_model_free_for_the_next(llama: Llama) -> None:
    async def stop() -> None:
        async with aclosing(connect(llama).stream(COUNTING, most_tokens=1500)) as pieces:
            assert await anext(pieces)

    # It has two places: were they still busy with 1,500 tokens each, the fifth would wait for very long.
    for _ in range(4):
        asyncio.run(stop())
    assert read(connect(llama), most=4)


def test_the_time_limit_holds_and_the_model_goes_on_serving(llama: Llama) -> None:
    with pytest.raises(Unreachable, match="in time"):
        read(connect(llama, seconds=0.05), most=1500)
    assert read(connect(llama), most=4)


def test_what_the_model_writes_is_shown_checked_or_not_at_all(llama: Llama) -> None:
    passages = shipped()[:1]
    brief = Brief(f"{llama.address}/v1", "gemma", SecretStr("none"), seconds=PATIENT)
    states = growing(Writer(brief, Grounds(passages), lambda sentence, support: True), quoted())
    reply = states[-1]
    assert (reply.made_by == WRITTEN) == bool(reply.sentences)
    assert reply.made_by == WRITTEN or (reply.text, bool(reply.unwritten)) == (quoted().text, True)
    assert all(check(f"{part.text}[1]", passages).fault is None for part in reply.sentences)


def test_a_server_killed_in_mid_answer_and_started_again(llama: Llama) -> None:
    """The reply is the quoted one, whole; the breaker opens; after the restart the model is asked again."""
    now = [0.0]
    breaker = Breaker(failures=2, seconds=60, clock=lambda: now[0])
    endpoint = connect(llama, breaker=breaker)

    async def die() -> None:
        async with aclosing(endpoint.stream(COUNTING, most_tokens=1500)) as pieces:
            assert await anext(pieces)
            assert await asyncio.to_thread(llama.kill) == -9
            async for _ in pieces:
                pass

    with pytest.raises(LanguageModelError):
        asyncio.run(die())
    writer = Writer(endpoint, Grounds(shipped()[:1]), lambda sentence, support: True)
    reply = growing(writer, quoted())[-1]
    assert (reply.made_by, reply.unwritten, reply.text) == (QUOTED, "down", quoted().text)
    assert writer.resting and growing(writer, quoted())[-1].unwritten == "resting"
    llama.start()
    now[0] = 61
    assert read(endpoint, most=4) and not writer.resting
