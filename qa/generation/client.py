"""A language model behind an OpenAI-compatible address: streamed, with a time limit, retried, rested while down.

LanguageModelError
├── Resting      the breaker is open: nothing was sent
├── Unreachable  no connection, 429 or 5xx, also after retries; no answer within the time limit
└── Broken       the answer is not complete: cut off, not JSON, or refused for good
"""

import asyncio
import logging
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from pydantic import SecretStr

from qa.generation.breaker import Breaker, LanguageModelError

if TYPE_CHECKING:
    from httpx2 import Request
    from openai import AsyncOpenAI
    from openai.types.chat import ChatCompletionMessageParam

logger = logging.getLogger(__name__)

SECONDS = 30.0
CONNECT_SECONDS = 5.0
TRIES = 3
FIRST_DELAY = 0.5
MOST_TOKENS = 700
MOST_CHARACTERS = 3000
_THINK, _THOUGHT = "<think>", "</think>"
# Headers in which the client describes the machine it runs on.
_TALKATIVE = ("x-stainless-", "openai-")


class Unreachable(LanguageModelError):
    """There was no connection, or no answer in time."""


class Broken(LanguageModelError):
    """The response is not a complete answer."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a conversation with the model; the role is system, user or assistant."""

    role: str
    text: str


class Endpoint:
    """The model at an address; `seconds` limits a whole answer, retries and pauses included."""

    def __init__(
        self,
        url: str,
        model: str,
        key: SecretStr,
        *,
        seconds: float = SECONDS,
        breaker: Breaker | None = None,
        first_delay: float = FIRST_DELAY,
    ) -> None:
        self._url, self._model, self._key = url, model, key
        self._seconds, self._delay = seconds, first_delay
        self.breaker = breaker or Breaker()

    async def stream(
        self, messages: Sequence[Message], *, most_tokens: int = MOST_TOKENS, stop: str | None = None
    ) -> AsyncGenerator[str]:
        """Yield the text as it comes, and a line end if the model finished and did not hit a limit.

        Closing the iterator ends the request. Raises `LanguageModelError`.
        """
        self.breaker.admit()
        deadline = asyncio.get_running_loop().time() + self._seconds
        try:
            async with (
                self._client() as client,
                aclosing(self._pieces(client, messages, most_tokens, stop)) as all_pieces,
                aclosing(_without_thinking(all_pieces)) as pieces,
            ):
                while True:
                    async with asyncio.timeout_at(deadline):
                        piece = await anext(pieces, None)
                    if piece is None:
                        break
                    yield piece
        except LanguageModelError as error:
            self.breaker.failed()
            # Only the kind: the endpoint's message may hold the question or the key.
            logger.warning("The language model gave no answer: %s", error)
            raise
        except TimeoutError:
            self.breaker.failed()
            logger.warning("The language model gave no answer within %s seconds", self._seconds)
            raise Unreachable("no answer in time") from None
        self.breaker.succeeded()

    def _client(self) -> "AsyncOpenAI":
        # Imported on use: it takes a second, and most runs ask no model.
        import httpx2
        from openai import AsyncOpenAI

        return AsyncOpenAI(
            base_url=self._url,
            api_key=self._key.get_secret_value() or "none",
            max_retries=0,
            timeout=httpx2.Timeout(self._seconds, connect=CONNECT_SECONDS),
            # A redirect would carry the documents to an address that staff did not name.
            http_client=httpx2.AsyncClient(follow_redirects=False, event_hooks={"request": [_be_quiet]}),
        )

    async def _pieces(
        self, client: "AsyncOpenAI", messages: Sequence[Message], most_tokens: int, stop: str | None
    ) -> AsyncGenerator[str]:
        import openai
        from openai import omit

        delay = self._delay
        for tried in range(1, TRIES + 1):
            begun = False
            try:
                chunks = await client.chat.completions.create(
                    model=self._model or "default",
                    messages=cast(
                        "list[ChatCompletionMessageParam]", [{"role": m.role, "content": m.text} for m in messages]
                    ),
                    stream=True,
                    temperature=0,
                    max_tokens=most_tokens,
                    stop=stop if stop is not None else omit,
                )
                count = 0
                async with chunks:
                    async for chunk in chunks:
                        choice = chunk.choices[0] if chunk.choices else None
                        if choice and choice.delta and isinstance(choice.delta.content, str) and choice.delta.content:
                            begun = True
                            count += len(choice.delta.content)
                            yield choice.delta.content
                        if choice and choice.finish_reason == "stop":
                            yield "\n"
                        if count > MOST_CHARACTERS or (choice and choice.finish_reason):
                            return
                raise Broken("cut off before its end")
            except openai.APIStatusError as error:
                if error.status_code not in (408, 409, 429) and error.status_code < 500:
                    raise Broken(f"status {error.status_code}") from None
                failure = Unreachable(f"status {error.status_code}")
            except openai.APIConnectionError:
                failure = Unreachable("no connection")
            except (openai.OpenAIError, ValueError, AttributeError, TypeError, LookupError):
                # The client raises what its JSON decoder and its models do.
                raise Broken("not the form of an answer") from None
            except OSError:
                failure = Unreachable("no connection")
            if begun:
                raise Broken("cut off in the middle")
            if tried == TRIES:
                raise failure
            await asyncio.sleep(delay)
            delay *= 2


async def _without_thinking(pieces: AsyncGenerator[str]) -> AsyncGenerator[str]:
    """Yield the text without the thinking that some models put before it, `<think>…</think>`."""
    begun, waiting = False, ""
    async for piece in pieces:
        if begun:
            yield piece
            continue
        waiting += piece
        text = waiting.lstrip()
        if text.startswith(_THINK):
            text = text.partition(_THOUGHT)[2].lstrip()
            begun = bool(text)
        elif not _THINK.startswith(text):
            begun, text = True, waiting
        if begun:
            yield text
    if not begun and not waiting.lstrip().startswith(_THINK):
        yield waiting


async def _be_quiet(request: "Request") -> None:
    for name in [name for name in request.headers if name.lower().startswith(_TALKATIVE)]:
        del request.headers[name]
    request.headers["User-Agent"] = "zhefu-qa"
