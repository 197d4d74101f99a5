"""An assistant of others reaches the documents through /mcp, by the client of the official package."""

import asyncio
import json
import re
from dataclasses import replace
from typing import Any

import httpx2
import pytest
from mcp import Client

from qa.web.api.mcp import MOST_CHARACTERS
from tests.conftest import Site
from tests.support.doubles.web import QUOTE, document

CALL = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "tools/call",
    "params": {"name": "search", "arguments": {"query": "对子"}},
}
HEADERS = {"Accept": "application/json, text/event-stream", "MCP-Protocol-Version": "2025-06-18"}


def use(site: Site, tool: str, **arguments: Any) -> Any:
    """What a tool gives, asked as an assistant's host asks it."""

    async def call() -> Any:
        async with Client(f"{site.address}/mcp") as client:
            return await client.call_tool(tool, arguments)

    return asyncio.run(call())


def content(result: Any) -> dict[str, Any]:
    assert not result.is_error
    given: dict[str, Any] = json.loads(result.content[0].text)
    return given


def test_the_tools_are_listed_with_what_they_are_for(site: Site) -> None:
    async def look() -> list[Any]:
        async with Client(f"{site.address}/mcp") as client:
            return list((await client.list_tools()).tools)

    tools = asyncio.run(look())
    assert sorted(tool.name for tool in tools) == ["ask", "get_document", "search"]
    assert all(re.search(r"[\u4e00-\u9fff]{4}", tool.description) for tool in tools)


def test_asking_gives_the_reply_of_the_api(site: Site) -> None:
    reply = content(use(site, "ask", question="结成多少对？"))
    assert (reply["status"], reply["short"], reply["made_by"]) == ("answered", "7对", "quoted")
    assert reply["citations"][0]["text"] == QUOTE
    assert content(use(site, "ask", question="今天天气？"))["status"] == "abstained"


def test_a_question_with_personal_data_is_not_looked_up(site: Site) -> None:
    reply = content(use(site, "ask", question="我的手机13812345678，结成多少对？"))
    assert reply["status"] == "rejected" and "13812345678" not in json.dumps(reply)
    assert site.assistant.asked == []


def test_searching_gives_passages_with_their_place(site: Site) -> None:
    found = content(use(site, "search", query="对子", count=1))
    assert [(p["document"], p["text"]) for p in found["passages"]] == [("school.md", QUOTE)]


def test_a_document_is_read_in_parts(site: Site) -> None:
    text = "前" * (MOST_CHARACTERS + 10)
    site.sources.documents["long.md"] = replace(document("long.md"), text=text, headings=())
    first = content(use(site, "get_document", document="long.md"))
    assert (len(first["text"]), first["next"], first["characters"]) == (MOST_CHARACTERS, MOST_CHARACTERS, len(text))
    rest = content(use(site, "get_document", document="long.md", start=first["next"]))
    assert first["text"] + rest["text"] == text and rest["next"] is None


def test_what_cannot_be_had_is_said_in_a_sentence(site: Site) -> None:
    missing = use(site, "get_document", document="../secret")
    assert missing.is_error and "没有这份文件" in missing.content[0].text
    assert use(site, "ask", question="问" * 3000).is_error
    assert use(site, "search", query="对子", count=99).is_error


@pytest.mark.parametrize(
    ("header", "value", "status"),
    [
        ("Origin", "https://evil.example", 403),
        ("Sec-Fetch-Site", "cross-site", 403),
        ("Host", "evil.example", 400),
        ("X-Plain", "1", 200),
    ],
)
def test_other_sites_cannot_call_the_tools(site: Site, header: str, value: str, status: int) -> None:
    response = httpx2.post(f"{site.address}/mcp", json=CALL, headers={**HEADERS, header: value})
    assert response.status_code == status
    assert "access-control-allow-origin" not in response.headers
    assert ("school.md" in response.text) == (status == 200)


def test_malformed_calls_are_refused_without_a_trace(site: Site) -> None:
    for body in (b"", b"{", b"[]", b"[" * 10_000, b'{"jsonrpc": "2.0", "id": 1, "method": "tools/none"}'):
        response = httpx2.post(
            f"{site.address}/mcp", content=body, headers={**HEADERS, "Content-Type": "application/json"}
        )
        assert response.status_code < 500 and "Traceback" not in response.text
    assert httpx2.get(f"{site.address}/mcp", headers=HEADERS).status_code == 404


def test_nothing_is_kept_between_calls(site: Site) -> None:
    response = httpx2.post(f"{site.address}/mcp", json=CALL, headers=HEADERS)
    assert "mcp-session-id" not in response.headers and "set-cookie" not in response.headers


@pytest.mark.parametrize(
    "tool, arguments",
    [
        ("search", {}),
        ("search", {"query": "对子", "count": 99}),
        ("search", {"query": "长" * 2000}),
        ("get_document", {"document": "school.md", "start": -1}),
        ("ask", {"question": ["多少"]}),
        ("unknown", {}),
    ],
)
def test_wrong_arguments_are_refused_in_a_sentence_of_ours(site: Site, tool: str, arguments: dict[str, Any]) -> None:
    refused = use(site, tool, **arguments)
    assert refused.is_error
    assert refused.content[0].text.startswith("没有这个工具，或参数不对：")
    assert "pydantic" not in refused.content[0].text and "Error" not in refused.content[0].text


def test_a_refusal_of_a_tool_is_its_sentence_alone(site: Site) -> None:
    refused = use(site, "get_document", document="none.md")
    assert refused.content[0].text == "没有这份文件；文件名见 ask 和 search 结果中的 document。"
