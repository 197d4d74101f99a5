"""The client of the language model: what it sends, how long it waits, when it tries again and when it lets be."""

import asyncio
import json
import logging
from collections.abc import Iterator
from contextlib import aclosing
from typing import Any

import pytest
from pydantic import SecretStr

from qa.generation.breaker import Breaker, Resting
from qa.generation.client import Broken, Endpoint, Message, Unreachable
from tests.support.doubles import llm_endpoint
from tests.support.doubles.llm_endpoint import KEY, Model

ASKED = [Message("system", "规则"), Message("user", "问题")]
PATIENT = 60.0


@pytest.fixture(scope="module")
def running() -> Iterator[Model]:
    with llm_endpoint.running() as model:
        yield model


@pytest.fixture
def model(running: Model) -> Model:
    running.calls.clear()
    return running


def connect(model: Model, *, seconds: float = PATIENT, failures: int = 100) -> Endpoint:
    breaker = Breaker(failures=failures)
    return Endpoint(model.address, "m", SecretStr(KEY), seconds=seconds, breaker=breaker, first_delay=0.01)


def read(asked: Endpoint) -> str:
    async def collect() -> str:
        return "".join([piece async for piece in asked.stream(ASKED)])

    return asyncio.run(collect())


def test_the_text_comes_in_pieces_and_a_whole_one_ends_a_line(model: Model) -> None:
    model.follow(llm_endpoint.says("两地结成13对。", size=3))
    assert read(connect(model)) == "两地结成13对。\n"
    model.follow(llm_endpoint.says("两地结成13", reason="length"))
    assert read(connect(model)) == "两地结成13"


def test_only_the_question_the_key_and_plain_headers_are_sent(model: Model) -> None:
    model.follow(llm_endpoint.says("好。"))
    read(connect(model))
    call = model.calls[0]
    assert call.body["messages"] == [{"role": "system", "content": "规则"}, {"role": "user", "content": "问题"}]
    assert (call.body["model"], call.body["stream"], call.body["temperature"]) == ("m", True, 0)
    assert call.headers["authorization"] == f"Bearer {KEY}"
    allowed = {"authorization", "host", "accept", "accept-encoding", "connection", "content-type", "content-length"}
    assert set(call.headers) - allowed == {"user-agent"}
    assert call.headers["user-agent"] == "zhefu-qa"


@pytest.mark.parametrize("code", [429, 500, 502, 503])
def test_what_may_pass_is_tried_again(model: Model, code: int) -> None:
    model.follow(llm_endpoint.status(code, Retry_After="3600"), llm_endpoint.status(code), llm_endpoint.says("好。"))
    assert read(connect(model)) == "好。\n"
    assert len(model.calls) == 3


def test_after_three_tries_it_is_given_up(model: Model) -> None:
    model.follow(llm_endpoint.status(429))
    with pytest.raises(Unreachable, match="status 429"):
        read(connect(model))
    assert len(model.calls) == 3


@pytest.mark.parametrize("code", [301, 400, 401, 403, 404, 422])
def test_what_trying_again_does_not_mend_is_not_tried_again(model: Model, code: int) -> None:
    model.follow(llm_endpoint.status(code, Location="http://127.0.0.1:1/"))
    with pytest.raises(Broken, match=f"status {code}"):
        read(connect(model))
    assert len(model.calls) == 1


@pytest.mark.parametrize(
    "content",
    [
        b"data: {not json\n\n",
        b"data: []\n\n",
        b'data: {"choices": 7}\n\n',
        b'data: {"choices": [{"delta": {"content": 7}, "finish_reason": null}]}\n\n',
        b'data: {"error": {"message": "overloaded"}}\n\n',
        b"<html>502 Bad Gateway</html>",
        b"\xff\xfe\x00",
        b"",
        b"data: [DONE]\n\n",
        b'{"choices": [{"message": {"content": "whole"}}]}',
    ],
)
def test_what_is_no_answer_is_called_broken(model: Model, content: bytes) -> None:
    model.follow(llm_endpoint.raw(content))
    with pytest.raises(Broken):
        read(connect(model))


def stream(*events: dict[str, Any] | str) -> bytes:
    """Events as an endpoint sends them; a string is a comment."""
    lines = [f": {event}" if isinstance(event, str) else f"data: {json.dumps(event)}" for event in events]
    return ("\n\n".join(lines) + "\n\ndata: [DONE]\n\n").encode()


def delta(reason: str | None = None, **fields: str | None) -> dict[str, Any]:
    return {"object": "chat.completion.chunk", "choices": [{"index": 0, "delta": fields, "finish_reason": reason}]}


USAGE = {"prompt_tokens": 9, "completion_tokens": 9, "total_tokens": 18}
SAID = "两地结成13对。[1]"


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(
            stream(
                "keep-alive",
                delta(role="assistant", content=None, reasoning_content="先想一想，两地结成15对。"),
                "keep-alive",
                delta(content="两地结成", reasoning_content=None),
                delta(content="13对。[1]"),
                {**delta("stop", content=""), "usage": USAGE},
            ),
            id="DeepSeek: thinking in a field of its own, comments that keep the line open",
        ),
        pytest.param(
            stream(
                delta(role="assistant", content=""),
                delta(content="<thi"),
                delta(content="nk>\n两地结成15对。[1]\n</think>\n\n两地"),
                delta(content="结成13对。[1]"),
                delta("stop"),
                {"object": "chat.completion.chunk", "choices": [], "usage": USAGE},
            ),
            id="Qwen: thinking before the text, the usage in a chunk without choices",
        ),
        pytest.param(
            stream(
                {**delta("stop", role="assistant", content=SAID), "id": "chatcmpl-1", "system_fingerprint": "fp_ollama"}
            ),
            id="Ollama: all in one chunk",
        ),
        pytest.param(
            stream(
                delta(role="assistant", content=None),
                delta(content=SAID),
                {**delta("stop"), "timings": {"predicted_n": 9}, "__verbose": {"prompt": "x"}},
            ),
            id="llama.cpp: the first chunk says nothing, the last has fields of its own",
        ),
        pytest.param(
            stream(
                {**delta(content="两地结成"), "id": "cmpl-1"},
                {**delta(content="13对。[1]"), "id": "cmpl-1"},
                delta("stop"),
            ),
            id="vLLM",
        ),
    ],
)
def test_what_each_kind_of_endpoint_sends_is_read(model: Model, content: bytes) -> None:
    model.follow(llm_endpoint.raw(content))
    assert read(connect(model)) == SAID + "\n"


def test_vllm_that_fails_in_the_middle_of_a_stream_says_so_in_it(model: Model) -> None:
    error = {"error": {"object": "error", "message": "CUDA out of memory", "type": "InternalServerError", "code": 500}}
    model.follow(llm_endpoint.raw(stream(delta(content="两地结成"), error)))
    with pytest.raises(Broken):
        read(connect(model))


@pytest.mark.parametrize(
    ("text", "read_as"),
    [
        ("<think>没有想完", ""),
        ("<think></think>好。", "好。\n"),
        ("<", "<\n"),
        ("想<think>好。", "想<think>好。\n"),
        ("", "\n"),
    ],
)
def test_only_thinking_at_the_beginning_is_left_out(model: Model, text: str, read_as: str) -> None:
    model.follow(llm_endpoint.says(text, size=3))
    assert read(connect(model)) == read_as


def test_a_text_that_came_to_the_limit_has_no_end(model: Model) -> None:
    model.follow(llm_endpoint.says("两地结成13对。[1]又", reason="length"))
    assert read(connect(model)) == "两地结成13对。[1]又"


def test_a_stream_cut_in_the_middle_is_no_answer(model: Model) -> None:
    model.follow(llm_endpoint.cut("两地结成13对帮扶对子。", after=2))
    with pytest.raises(Broken, match="cut off"):
        read(connect(model))
    assert len(model.calls) == 1


@pytest.mark.parametrize("before", ["", "两地"])
def test_a_model_that_hangs_is_left_when_the_time_is_up(model: Model, before: str) -> None:
    model.follow(llm_endpoint.hangs(model, before))
    with pytest.raises(Unreachable, match="in time"):
        read(connect(model, seconds=0.5))


def test_endless_output_is_cut_and_the_connection_ended(model: Model) -> None:
    model.follow(llm_endpoint.endless("啊" * 50))
    assert len(read(connect(model))) < 4000
    assert model.calls[0].gone.wait(PATIENT)


def test_who_stops_reading_ends_the_request(model: Model) -> None:
    model.follow(llm_endpoint.endless("两地结成13对。"))

    async def stop() -> None:
        async with aclosing(connect(model).stream(ASKED)) as pieces:
            assert await anext(pieces)

    asyncio.run(stop())
    assert model.calls[0].gone.wait(PATIENT)


def test_no_connection_is_unreachable() -> None:
    asked = Endpoint("http://127.0.0.1:9/v1", "m", SecretStr(""), first_delay=0.01)
    with pytest.raises(Unreachable, match="no connection"):
        read(asked)


def test_neither_the_key_nor_what_the_endpoint_says_gets_into_the_log(
    model: Model, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    asked = connect(model)
    for script in (llm_endpoint.status(401), llm_endpoint.status(500), llm_endpoint.says("好。")):
        model.follow(script)
        try:
            read(asked)
        except (Broken, Unreachable) as error:
            assert KEY not in f"{error!r} {error.__cause__!r}"
    assert "status 401" in caplog.text and KEY not in caplog.text
    assert KEY not in repr(vars(asked))


def test_the_breaker_lets_be_after_failures_and_one_try_decides_later(model: Model) -> None:
    now = [0.0]
    breaker = Breaker(failures=2, seconds=60, clock=lambda: now[0])
    asked = Endpoint(model.address, "m", SecretStr(""), breaker=breaker, first_delay=0.01)
    model.follow(llm_endpoint.status(400))
    for _ in range(2):
        assert not breaker.open
        with pytest.raises(Broken):
            read(asked)
    assert breaker.open
    with pytest.raises(Resting):
        read(asked)
    assert len(model.calls) == 2
    now[0] = 61
    with pytest.raises(Broken):  # the one try fails
        read(asked)
    assert breaker.open
    now[0] = 122
    model.follow(llm_endpoint.says("好。"))
    assert read(asked) == "好。\n" and not breaker.open


def test_while_one_try_is_under_way_the_others_are_held_back() -> None:
    now = [0.0]
    breaker = Breaker(failures=1, seconds=60, clock=lambda: now[0])
    breaker.failed()
    now[0] = 61
    breaker.admit()
    with pytest.raises(Resting):
        breaker.admit()
    breaker.succeeded()
    breaker.admit()
