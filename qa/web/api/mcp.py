"""`POST /mcp`: offers the documents as tools to other programs' assistants, by the Model Context Protocol.

Stateless: each call stands alone, and nothing is kept between calls.
"""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Annotated, Any

from mcp.server import MCPServer
from mcp.server.mcpserver import Context
from mcp.server.mcpserver.exceptions import ToolError, UnexpectedToolError
from mcp.server.transport_security import TransportSecuritySettings
from mcp.shared.exceptions import MCPError
from mcp.types import CallToolResult, InputRequiredResult
from pydantic import Field
from starlette.responses import JSONResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from corpus.document import Document
from qa.answering.reply import as_json
from qa.answering.screening import MAX_QUESTION, clean
from qa.service.admission import LONGEST_QUESTION, Admission, Received, TurnedAway
from qa.service.questions import readable
from qa.service.rate_limit import Visitor
from qa.service.sources import GONE
from qa.web.http.visitor import visitor_of
from qa.web.translations import word

PATH = "/mcp"
MOST_FOUND = 10
MOST_CHARACTERS = 8000
_ABOUT = (
    "浙涪合作文件的问答。ask 给出文件原文和出处，没有答案时会说明；search 找相关段落；get_document 读文件全文。"
    "引用时请照抄原文并注明出处。"
)
_MALFORMED = (
    f"没有这个工具，或参数不对：工具有 ask、search 和 get_document，文字最多 {LONGEST_QUESTION} 字，"
    "数字见各工具的说明。"
)
_NO_DOCUMENT = "没有这份文件；文件名见 ask 和 search 结果中的 document。"


class Tools:
    """The tools, and the route that reaches them while `running`."""

    def __init__(self, admission: Admission) -> None:
        self._admission = admission
        self._app: ASGIApp | None = None
        self.route = Route(PATH, self, include_in_schema=False)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await (self._app or JSONResponse({"error": word("refused")}, 503))(scope, receive, send)

    @asynccontextmanager
    async def running(self) -> AsyncGenerator[None]:
        # Its session manager can run only once, but tests start the app several times.
        server = _server(self._admission)
        self._app = server.streamable_http_app(
            streamable_http_path=PATH,
            stateless_http=True,
            json_response=True,
            # The guard in front of the whole app checks hosts and origins.
            transport_security=TransportSecuritySettings(enable_dns_rebinding_protection=False),
        )
        async with server.session_manager.run():
            yield
        self._app = None


class _Server(MCPServer[Any]):
    """The server; it refuses in sentences of our own. A call to an unknown tool counts like any other."""

    def __init__(self, admission: Admission) -> None:
        super().__init__("浙涪问答", instructions=_ABOUT, log_level="WARNING")
        self._admission = admission

    async def call_tool(
        self, name: str, arguments: dict[str, Any], context: Context[Any, Any] | None = None
    ) -> CallToolResult | InputRequiredResult:
        try:
            return await super().call_tool(name, arguments, context)
        except MCPError:
            raise
        except UnexpectedToolError:
            raise
        except ToolError as error:
            if isinstance(error.__cause__, ToolError):
                raise ToolError(str(error.__cause__)) from None
        away = await self._admission.turned_away(_visitor(context)) if context else None
        raise ToolError(_away(away) if away else _MALFORMED)


def _server(admission: Admission) -> MCPServer[Any]:
    server = _Server(admission)

    @server.tool(description="问一个问题，得到文件原文、出处和把握；文件里没有的会说没有。")
    async def ask(
        question: Annotated[str, Field(description=f"完整的问题，{MAX_QUESTION} 字以内", max_length=LONGEST_QUESTION)],
        ctx: Context,
        document: Annotated[str, Field(description="只问这一份文件（文件名），见结果的 choices", max_length=1000)] = "",
    ) -> dict[str, Any]:
        only = readable(document)
        match await admission.ask(readable(question), (), _visitor(ctx), channel="mcp", document=only):
            case Received(reply):
                return as_json(reply)
            case TurnedAway() as away:
                raise ToolError(_away(away))

    @server.tool(description="找出与一段话最相关的段落，最相关的在前；它们不一定含有答案。")
    async def search(
        query: Annotated[str, Field(description="要找的内容", max_length=LONGEST_QUESTION)],
        ctx: Context,
        count: Annotated[int, Field(description="最多几段", ge=1, le=MOST_FOUND)] = 5,
    ) -> dict[str, Any]:
        found = await admission.search(clean(readable(query))[:MAX_QUESTION], _visitor(ctx), count=count)
        if isinstance(found, TurnedAway):
            raise ToolError(_away(found))
        return {"passages": [citation.as_json() for citation in found], "snapshot": admission.snapshot}

    @server.tool(description=f"读一份文件，一次最多 {MOST_CHARACTERS} 个字；next 是下一段的起点。")
    async def get_document(
        document: Annotated[str, Field(description="文件名，见 ask 和 search 的结果", max_length=1000)],
        ctx: Context,
        start: Annotated[int, Field(description="从第几个字起", ge=0)] = 0,
    ) -> dict[str, Any]:
        if away := await admission.turned_away(_visitor(ctx)):
            raise ToolError(_away(away))
        source = await admission.open(admission.snapshot, document, _visitor(ctx))
        if source is None or source.note == GONE:
            raise ToolError(_NO_DOCUMENT)
        return _part(source.document, start)

    return server


def _part(document: Document, start: int) -> dict[str, Any]:
    """Return the part of a document from a character on, as the tool gives it."""
    text = document.text
    end = min(len(text), start + MOST_CHARACTERS)
    return {
        "document": document.name,
        "title": document.title,
        "source": document.source,
        "characters": len(text),
        "start": min(start, len(text)),
        "text": text[start:end],
        "next": end if end < len(text) else None,
    }


def _away(away: TurnedAway) -> str:
    return f"{word(away.why)}{away.detail}"


def _visitor(ctx: Context) -> Visitor:
    request = ctx.request_context.request
    return visitor_of(getattr(request, "client", None))
