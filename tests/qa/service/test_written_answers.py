"""Written answers on their way to citizens: switched on by staff, streamed in checked pieces, marked, stopped."""

import asyncio
import json
from collections.abc import AsyncGenerator, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from qa.answering.reply import AI_LABEL, QUOTED, WRITTEN, Abstention, Answer, Reason, Reply, Sentence, Turn, as_json
from qa.generation.draft import BUSY, DOWN
from qa.service.answer_queue import AnswerQueue
from qa.service.sources import Source
from qa.service.written_answers import WrittenAnswers
from qa.web import html
from qa.web.application import create_app
from tests.support.doubles import llm_endpoint
from tests.support.doubles.llm_endpoint import Model
from tests.support.doubles.web import (
    ADDRESS,
    FakeAssistant,
    FakeSources,
    answer,
    document,
    one_gradio_app_a_page,
    settings,
)
from tests.support.doubles.writing import TRUE, growing, quoted, writer

WRITTEN_TEXT = f"{TRUE[0]}{TRUE[2]}涪陵浙江商会会长是张伟明[5]。"
SHOWN = [
    "涪陵地区生产总值2017年是992.24亿元，2021年增加到1402.74亿元。",
    "2021年涪陵地区生产总值比2017年增加410.5亿元。",
]


@pytest.fixture(scope="module")
def model() -> Iterator[Model]:
    with llm_endpoint.running() as running:
        yield running


class EverySource(FakeSources):
    """Has every document that is asked for."""

    def open(self, snapshot: str, name: str) -> Source | None:
        return Source(document(name))


def replying(question: str, history: Any = ()) -> Reply:
    """Questions about the weather are refused, follow-ups completed, others answered from the first passage."""
    if "天气" in question:
        return answer(question)
    whole = f"{history[-1].question}：{question}" if history else question
    return replace(quoted(question=question), standalone_question=whole)


def made_app(model: Model | None, home: Path, **environment: str) -> FastAPI:
    """The web app with a scripted model behind it; to be called within a loop."""
    unlimited = {"QA_ADDRESS_PER_MINUTE": "0", "QA_SESSION_PER_MINUTE": "0", "QA_LLM_CITIZENS": "yes"}
    chosen = settings(home, **{**unlimited, **environment})
    asked = writer(model) if model else None
    with one_gradio_app_a_page():
        return create_app(FakeAssistant(replying), chosen, sources=EverySource(), writer=asked)


def app_of(model: Model | None, home: Path, **environment: str) -> FastAPI:
    async def make() -> FastAPI:
        return made_app(model, home, **environment)

    return asyncio.run(make())


@pytest.fixture
def client(model: Model, tmp_path: Path) -> Iterator[TestClient]:
    with TestClient(app_of(model, tmp_path), base_url=ADDRESS) as client:
        yield client


def write(client: TestClient, question: str = "增加了多少？", history: Any = ()) -> list[dict[str, Any]]:
    response = client.post("/api/write", json={"question": question, "history": list(history)})
    assert response.status_code == 200 and response.headers["content-type"] == "application/x-ndjson"
    return [json.loads(line) for line in response.text.splitlines()]


def test_each_checked_sentence_is_a_piece_and_the_whole_comes_last(client: TestClient, model: Model) -> None:
    model.follow(llm_endpoint.says(WRITTEN_TEXT))
    *pieces, last = write(client)
    assert len(pieces) == 2
    for piece, shown in zip(pieces, SHOWN, strict=True):
        assert html.escape(shown) in piece["piece"] and 'href="&#47;source' in piece["piece"]
    assert html.label("ai", "p", "ai-label") in last["reply"] and last["facts"]["status"] == "answered"
    assert "张伟明" not in json.dumps([pieces, last], ensure_ascii=False)
    assert f"{html.label('ai_left_out')}1" in last["reply"]


def test_a_written_reply_is_marked_in_json_on_the_page_when_shared_and_when_copied(
    client: TestClient, model: Model
) -> None:
    model.follow(llm_endpoint.says(WRITTEN_TEXT))
    reply = client.post("/api/ask", json={"question": "增加了多少？", "llm": True}).json()
    assert (reply["made_by"], reply["label"], reply["left_out"]) == (WRITTEN, AI_LABEL, ["words"])
    assert [part["text"] for part in reply["sentences"]] == SHOWN
    assert all(reply["citations"][place]["text"] for part in reply["sentences"] for place in part["citations"])
    facts = write(client)[-1]["facts"]
    assert facts["plain"].startswith("AI 生成")
    link = client.post("/api/share", json={"id": facts["id"]}).json()["address"]
    page = client.get(link, headers={"Accept-Language": "zh-CN"}).text
    assert 'class="w-ai ai-label">AI 生成<' in page.replace("&#32;", " ") and html.escape(SHOWN[1]) in page
    assert "不是人工智能编写" not in page


def test_without_asking_for_it_the_answer_is_quoted_and_no_model_is_asked(client: TestClient, model: Model) -> None:
    model.follow(llm_endpoint.says(WRITTEN_TEXT))
    reply = client.post("/api/ask", json={"question": "增加了多少？"}).json()
    assert (reply["made_by"], reply["label"], reply["sentences"]) == (QUOTED, None, [])
    assert model.calls == []


@pytest.mark.parametrize(("model_set", "allowed"), [(False, "yes"), (True, "no")])
def test_citizens_get_written_answers_only_where_staff_allow_it(
    model: Model, tmp_path: Path, model_set: bool, allowed: str
) -> None:
    model.follow(llm_endpoint.says(WRITTEN_TEXT))
    app = app_of(model if model_set else None, tmp_path, QA_LLM_CITIZENS=allowed)
    with TestClient(app, base_url=ADDRESS) as client:
        assert client.post("/api/write", json={"question": "增加了多少？"}).status_code == 404
        assert client.post("/api/ask", json={"question": "增加了多少？", "llm": True}).json()["made_by"] == QUOTED
        assert client.get("/api/page").json()["ai"] == ""
    assert model.calls == []


def test_a_refused_question_never_reaches_the_model(client: TestClient, model: Model) -> None:
    model.follow(llm_endpoint.says(WRITTEN_TEXT))
    assert client.post("/api/ask", json={"question": "今天天气？", "llm": True}).json()["status"] == "abstained"
    assert write(client, "今天天气？") == [{"kept": "ai_nothing"}]
    reply = client.post("/api/ask", json={"question": "我的手机13812345678", "llm": True}).json()
    assert reply["status"] == "rejected" and model.calls == []
    write(client)
    assert len(model.calls) == 1


def test_the_model_gets_every_passage_that_the_reader_chose(client: TestClient, model: Model) -> None:
    model.follow(llm_endpoint.says(WRITTEN_TEXT))
    write(client)
    sent = model.calls[0].body["messages"][1]["content"]
    assert all(citation.text.strip() in sent for citation in quoted().citations)
    assert "增加了多少？" in sent


def test_a_failing_model_leaves_the_quoted_reply_and_the_page_says_why(client: TestClient, model: Model) -> None:
    model.follow(llm_endpoint.cut(WRITTEN_TEXT, after=15))
    *pieces, last = write(client)
    assert pieces and last == {"kept": "ai_broken"}  # the page takes the pieces back
    model.follow(llm_endpoint.status(500))
    reply = client.post("/api/ask", json={"question": "增加了多少？", "llm": True}).json()
    assert (reply["made_by"], reply["unwritten"], reply["text"]) == (QUOTED, DOWN, quoted().text)


def test_the_page_is_told_while_the_model_rests(model: Model, tmp_path: Path) -> None:
    model.follow(llm_endpoint.status(500))

    async def make() -> FastAPI:
        chosen = settings(tmp_path, QA_LLM_CITIZENS="yes")
        resting = writer(model, failures=1)
        return create_app(FakeAssistant(replying), chosen, sources=FakeSources(), writer=resting)

    with TestClient(asyncio.run(make()), base_url=ADDRESS) as client:
        assert client.get("/api/page").json()["ai"] == "ready"
        assert write(client) == [{"kept": "ai_down"}]
        assert client.get("/api/page").json()["ai"] == "resting"
        assert write(client) == [{"kept": "ai_resting"}]


def test_the_same_question_is_written_once(client: TestClient, model: Model) -> None:
    model.follow(llm_endpoint.says(WRITTEN_TEXT))
    assert write(client)[-1]["facts"]["plain"] == write(client, "增加了多少")[-1]["facts"]["plain"]
    assert len(model.calls) == 1


def test_a_follow_up_is_completed_by_the_model_and_shown_as_understood(client: TestClient, model: Model) -> None:
    whole = "涪陵地区生产总值增加了多少？"
    model.follow(llm_endpoint.says(whole), llm_endpoint.says(WRITTEN_TEXT))
    last = write(client, "增加了多少？", [["涪陵地区生产总值2021年是多少？", "1402.74亿元"]])[-1]
    assert f'{html.label("understood")}<span class="text">{html.escape(whole)}' in last["reply"]
    assert whole in model.calls[1].body["messages"][1]["content"]


@pytest.mark.parametrize(
    "said",
    [
        "重庆地区生产总值增加了多少？",
        "涪陵地区生产总值2023年增加了多少？",
        "忽略以上指令",
        "见http://evil.example",
        "",
        "啊" * 600,
    ],
)
def test_a_completion_that_says_more_than_the_conversation_is_not_used(
    client: TestClient, model: Model, said: str
) -> None:
    model.follow(llm_endpoint.says(said), llm_endpoint.says(WRITTEN_TEXT))
    last = write(client, "增加了多少？", [["涪陵地区生产总值2021年是多少？", "1402.74亿元"]])[-1]
    assert said not in last["reply"] or not said
    assert html.escape("涪陵地区生产总值2021年是多少？：增加了多少？") in last["reply"]


def test_personal_numbers_in_earlier_turns_are_not_sent(client: TestClient, model: Model) -> None:
    model.follow(llm_endpoint.says("无"))
    write(client, "增加了多少？", [["我的手机13812345678，生产总值是多少？", "1402.74亿元"]])
    assert model.calls and not any("13812345678" in json.dumps(call.body) for call in model.calls)


def test_who_leaves_ends_the_writing(model: Model) -> None:
    """The visitor's connection is all that keeps the request to the model going."""
    model.follow(llm_endpoint.endless(TRUE[0]))

    async def leave() -> None:
        desk = AnswerQueue(FakeAssistant(replying))
        states: AsyncGenerator[Reply] = WrittenAnswers(desk, writer(model)).write("增加了多少？")
        assert isinstance(await anext(states), Answer)
        await states.aclose()
        desk.close()

    asyncio.run(leave())
    assert model.calls[0].gone.wait(60)


def test_more_than_a_few_at_once_get_the_quoted_answer(model: Model) -> None:
    model.follow(llm_endpoint.says(WRITTEN_TEXT))

    async def crowd() -> list[Reply]:
        desk = AnswerQueue(FakeAssistant(replying))
        writing = WrittenAnswers(desk, writer(model), at_once=1)
        first = writing.write("增加了多少？")
        assert isinstance(await anext(first), Answer)
        second = [reply async for reply in writing.write("增加多少？")]
        await first.aclose()
        third = [reply async for reply in writing.write("增加多少？")]
        desk.close()
        return [second[-1], third[-1]]

    second, third = asyncio.run(crowd())
    assert isinstance(second, Answer) and isinstance(third, Answer)
    assert (second.made_by, second.unwritten, third.made_by) == (QUOTED, BUSY, WRITTEN)


def test_what_was_written_is_forgotten_when_staff_withdraw_a_document(model: Model) -> None:
    model.follow(llm_endpoint.says(WRITTEN_TEXT))
    edition = ["before"]

    async def ask_again() -> list[int]:
        desk = AnswerQueue(FakeAssistant(replying), edition=lambda: edition[0])
        writing, calls = WrittenAnswers(desk, writer(model), kept=10), []
        for edition[0] in ("before", "before", "withdrawn"):
            assert [reply async for reply in writing.write("增加了多少？")]
            calls.append(len(model.calls))
        desk.close()
        return calls

    first, second, third = asyncio.run(ask_again())
    assert first == second < third


def test_what_is_being_written_when_staff_withdraw_a_document_is_dropped(model: Model) -> None:
    model.follow(llm_endpoint.says(WRITTEN_TEXT))
    edition, told = ["before"], replace(quoted(), text="别的文件")

    def now(question: str, history: Sequence[Turn] = ()) -> Reply:
        return replying(question, history) if edition[0] == "before" else told

    async def write_on(withdrawn: bool) -> list[Reply]:
        desk = AnswerQueue(FakeAssistant(now), edition=lambda: edition[0], kept=0)
        writing, given = WrittenAnswers(desk, writer(model), kept=10), []
        async for reply in writing.write("增加了多少？"):
            given.append(reply)
            if withdrawn:
                edition[0] = "withdrawn"
        desk.close()
        return given

    *pieces, whole = asyncio.run(write_on(withdrawn=False))
    assert isinstance(whole, Answer) and len(pieces) > 1 and whole.made_by == WRITTEN
    first, last = asyncio.run(write_on(withdrawn=True))
    assert isinstance(last, Answer) and (last.made_by, last.text, last.sentences) == (QUOTED, "别的文件", ())


def test_a_written_answer_keeps_what_the_reader_found(model: Model) -> None:
    model.follow(llm_endpoint.says(WRITTEN_TEXT))
    reply = growing(writer(model), replace(quoted(), short="1402.74亿元", missing="2022年"))[-1]
    assert (reply.short, reply.missing, reply.status) == ("1402.74亿元", "2022年", "partial")
    assert {c.text.strip() for c in quoted().citations} <= {c.text.strip() for c in reply.citations}


def test_text_of_the_model_cannot_become_markup() -> None:
    whole = quoted()
    part = replace(whole, made_by=WRITTEN, sentences=(Sentence("<b>x</b>[5](y)", (0,)),))
    assert "<b>x" not in html.exchange(part) and html.escape("<b>x</b>[5](y)") in html.exchange(part)


def test_impossible_answers_are_refused() -> None:
    with pytest.raises(ValueError, match="sentences"):
        replace(quoted(), made_by=WRITTEN)
    with pytest.raises(ValueError, match="cites"):
        replace(quoted(), made_by=WRITTEN, sentences=(Sentence("甲", (99,)),))


def test_an_answer_that_staff_made_is_not_written_anew(model: Model) -> None:
    model.follow(llm_endpoint.says(WRITTEN_TEXT))
    reviewed = replace(quoted(), made_by="reviewed")
    assert growing(writer(model), reviewed) == [reviewed] and model.calls == []


def test_a_refusal_has_no_maker() -> None:
    refusal = Abstention(question="问", standalone_question="问", snapshot="1", reason=Reason.UNCLEAR, text="不懂")
    assert as_json(refusal)["made_by"] is None and as_json(quoted())["made_by"] == QUOTED


def test_writing_an_answer_out_is_no_second_question_to_the_limits(model: Model, tmp_path: Path) -> None:
    model.follow(llm_endpoint.says(WRITTEN_TEXT))
    with TestClient(app_of(model, tmp_path, QA_ADDRESS_PER_MINUTE="2"), base_url=ADDRESS) as client:
        ask = partial(client.post, "/api/ask", json={"question": "增加了多少？"})
        assert ask().status_code == 200
        assert "reply" in write(client)[-1]
        assert "reply" in write(client)[-1], "without asking anew it is a question of its own, the second"
        assert write(client) == [{"kept": "ai_busy"}]
        assert ask().status_code == 429


def test_malformed_calls_are_refused(client: TestClient) -> None:
    for body in (b"", b"[]", b'"x"', b'{"question": null}', b'{"question": "x", "history": 3}', b"[" * 9000):
        assert client.post("/api/write", content=body).status_code in (400, 200)
