"""浙涪问答 as a web app: assembles settings, assistant and pages, and serves them."""

import qa.runtime.offline  # noqa: F401 - before all others, as it says

# isort: split
import importlib
import logging
import os
import socket
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path

import uvicorn

from qa.bootstrap.old_models import remove_old_models
from qa.bootstrap.service import EXPECTED, open_service
from qa.cli.output import show_progress
from qa.publishing.serving import serving
from qa.runtime import keys, logs
from qa.runtime import settings as settings_table
from qa.runtime.interpreter import advice
from qa.runtime.private_files import UPLOADS, keep_private
from qa.runtime.settings import Settings
from qa.staff.accounts.sessions import end_sessions
from qa.storage.database import Where, database_of
from qa.web.http.connections import LOOPBACK, MOST_HEAD, Ceiling, counting
from qa.web.http.draining import Draining, DrainingServer
from qa.web.http.listening import AddressTaken, in_url, listen

logger = logging.getLogger("app")  # also when it is run as a program

# Running answers are delivered before the process ends.
SHUTDOWN_SECONDS = 10
WARM_UP = "浙江与涪陵在哪些方面有合作？"
WEB = "qa.web.application"  # with Gradio, two seconds of imports

CANNOT_START: tuple[type[Exception], ...] = (AddressTaken, *EXPECTED)


def serve(settings: Settings) -> None:
    """Serve until a signal ends it. Raises `AddressTaken`, or an error of the assistant, if it cannot start."""
    # Held before the model is loaded: a taken port is reported at once, and early visitors wait instead of being
    # refused.
    with listen(settings.host, settings.port) as listener:
        logs.configure(settings.log_format)
        with running(settings.home, database_of(settings)):
            _serve(settings, listener)


@contextmanager
def running(home: Path, database: Where) -> Iterator[None]:
    """Mark a server as running on `home` during the block.

    Older sessions end and networks of earlier weights go, unless another server may use them: servers with another home
    may use the same PostgreSQL.
    """
    with serving(home) as alone:
        if alone:
            if isinstance(database, Path):
                end_sessions(database)
            remove_old_models(home)
        yield


def _serve(settings: Settings, listener: socket.socket) -> None:
    os.environ["GRADIO_TEMP_DIR"] = str(settings.home / UPLOADS)
    # The networks are read and compiled outside of Python; meanwhile a thread imports what the pages need.
    with ThreadPoolExecutor(1, "imports") as pool:
        web = pool.submit(importlib.import_module, WEB)
        service = open_service(settings, logger.info)
        service.assistant.ask(WARM_UP)  # loads dictionaries and compiles the networks, so that no visitor waits for it
    draining = Draining()
    app = web.result().create_app(
        service.assistant,
        settings,
        sources=service.sources,
        golden=service.golden,
        models=service.models,
        edition=lambda: service.assistant.edition,
        writer=service.writer,
        switches=service.switches,
        draining=draining,
    )
    if found := advice():
        show_progress(found)
    config = uvicorn.Config(
        app,
        log_config=None,  # its lines go through the program's own logging
        http=counting(Ceiling(settings.address_connections, exempt=(*LOOPBACK, *settings.proxies))),
        h11_max_incomplete_event_size=MOST_HEAD,
        log_level="warning",
        # Questions are private and addresses are personal data, so requests are not logged.
        access_log=False,
        server_header=False,
        proxy_headers=False,
        ws="none",
        timeout_graceful_shutdown=SHUTDOWN_SECONDS,
    )
    logger.info("Serving on http://%s:%s", in_url(settings.host), settings.port)
    with suppress(KeyboardInterrupt):
        DrainingServer(config, draining, seconds=settings.drain_seconds).run(sockets=[listener])


def main() -> int:
    """Serve with the settings of the environment; return 2, with one line on standard error, if that is impossible."""
    try:
        settings = settings_table.read(os.environ)
        keep_private(settings.home)
        if settings.key_file:
            keys.read(settings.key_file)  # reported now, and not when the first row is to be written
        serve(settings)
    except CANNOT_START as error:
        show_progress(str(error))
        return 2
    except OSError as error:
        show_progress(f"{error.filename}: {error.strerror}")
        return 2
    except KeyboardInterrupt:  # interrupted before there was anything to serve
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
