"""浙涪问答 as a web app: settings, assistant and pages put together and served."""

import qa.offline  # noqa: F401 - before all others, as it says

# isort: split
import os
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import uvicorn
from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware

from qa import settings as settings_table
from qa.compose import EXPECTED, open_assistant
from qa.pages import api, chat
from qa.pages.desk import Assistant, Desk
from qa.pages.guard import Guard, allowed_hosts
from qa.settings import Settings

# Answers under way are delivered before the process ends.
SHUTDOWN_SECONDS = 10


class AddressTaken(Exception):
    """The address and port to serve on cannot be had."""


CANNOT_START: tuple[type[Exception], ...] = (AddressTaken, *EXPECTED)


def create_app(assistant: Assistant, settings: Settings) -> FastAPI:
    """The web app with everything in it, answered by `assistant`."""
    desk = Desk(assistant)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        desk.close()

    app = FastAPI(title="浙涪问答", docs_url=None, redoc_url=None, openapi_url=None, lifespan=lifespan)
    # Allows no foreign origin; its presence keeps Gradio from adding a middleware that allows all of them.
    app.add_middleware(CORSMiddleware, allow_origins=())
    app.add_middleware(Guard, hosts=allowed_hosts(settings.host, settings.allowed_hosts))
    app.add_exception_handler(Exception, api.apologise)
    app.include_router(api.routes(desk))
    return chat.mount(app, desk)


def serve(settings: Settings) -> None:
    """Serve until a signal ends it; AddressTaken, or an error of the assistant's, when it cannot start."""
    # Held before the model is loaded: a taken port is told at once, and early visitors wait instead of being refused.
    listener = _listen(settings.host, settings.port)
    assistant = open_assistant(settings, _tell)
    assistant.ask(chat.EXAMPLES[0])  # loads dictionaries and compiles the networks, so that no visitor waits for it
    app = create_app(assistant, settings)
    config = uvicorn.Config(
        app,
        log_level="warning",
        # Questions are private and addresses are personal data: what a request was is not written down.
        access_log=False,
        server_header=False,
        proxy_headers=False,
        ws="none",
        timeout_graceful_shutdown=SHUTDOWN_SECONDS,
    )
    _tell(f"Serving on http://{_in_url(settings.host)}:{settings.port}")
    with suppress(KeyboardInterrupt):
        uvicorn.Server(config).run(sockets=[listener])


def main() -> int:
    """Serve with the settings of the environment; 2 and one line on standard error when that is not possible."""
    try:
        serve(settings_table.read(os.environ))
    except CANNOT_START as error:
        _tell(str(error))
        return 2
    except OSError as error:
        _tell(f"{error.filename}: {error.strerror}")
        return 2
    return 0


def _listen(host: str, port: int) -> socket.socket:
    listener = None
    try:
        # The protocol has to be named: asyncio turns off Nagle's delay, 40 ms a reply, only where it reads TCP.
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listener = socket.socket(family, kind, protocol)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen()
        return listener
    except (OSError, UnicodeError) as error:
        if listener:
            listener.close()
        reason = error.strerror if isinstance(error, OSError) else "no name of a host"
        raise AddressTaken(
            f"Cannot serve on {host}:{port} ({reason}); set QA_HOST or QA_PORT, see {settings_table.GUIDE}"
        ) from error


def _in_url(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
