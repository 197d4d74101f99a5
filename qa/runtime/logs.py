"""The server's log on standard error: time, level and logger on every line, as text or JSON, no words of citizens.

An error's message may repeat what a citizen typed, so only its kind and its place are written; the system's own
messages are kept.
"""

import json
import logging
import logging.config
import re
import traceback
from contextvars import ContextVar
from datetime import UTC, datetime
from types import TracebackType

from qa.runtime.errors import DatabaseError

# The name of the request that is being answered: a proxy's, or our own; empty outside of requests.
REQUEST: ContextVar[str] = ContextVar("request", default="")

TEXT, JSON = "text", "json"
FORMATS = (TEXT, JSON)

# Errors of the machine: their messages do not repeat questions.
_SPEAKING = (OSError, ImportError, DatabaseError)
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029]")


def configure(form: str) -> None:
    """Have everything that this process logs written in one of `FORMATS`, uvicorn's lines too."""
    ours = {"level": "INFO"}
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {"line": {"()": _AsJson if form == JSON else _AsText}},
            "handlers": {"error": {"class": "logging.StreamHandler", "formatter": "line"}},
            # At the level INFO, libraries log addresses and bodies.
            "root": {"level": "WARNING", "handlers": ["error"]},
            "loggers": {"app": ours, "corpus": ours, "index": ours, "qa": ours},
        }
    )
    logging.captureWarnings(True)


class _Quiet(logging.Formatter):
    """A formatter that leaves out the messages of errors."""

    def when(self, record: logging.LogRecord) -> str:
        return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")

    def details(self, record: logging.LogRecord) -> str:
        """Return where an error arose, one line per step, and its kind; empty without an error."""
        return self.formatException(record.exc_info) if record.exc_info else ""

    def formatException(
        self,
        ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None],
    ) -> str:
        lines: list[str] = []
        error = ei[1]
        while error is not None:
            places = traceback.format_list(traceback.extract_tb(error.__traceback__, limit=-20))
            said = f": {error}" if isinstance(error, _SPEAKING) else ""
            lines = [*"".join(places).rstrip().split("\n"), f"{type(error).__name__}{said}", *lines]
            error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        return "\n".join(filter(None, lines))


class _AsText(_Quiet):
    def format(self, record: logging.LogRecord) -> str:
        request = f" [{name}]" if (name := REQUEST.get()) else ""
        start = f"{self.when(record)} {record.levelname} {record.name}{request}: "
        lines = "\n".join(filter(None, [record.getMessage().rstrip("\n"), self.details(record)])).split("\n")
        return "\n".join(start + _CONTROL.sub(lambda found: f"\\x{ord(found[0]):02x}", line) for line in lines)


class _AsJson(_Quiet):
    def format(self, record: logging.LogRecord) -> str:
        said = {
            "time": self.when(record),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if request := REQUEST.get():
            said["request"] = request
        if details := self.details(record):
            said["error"] = details
        # What JSON leaves as it is, some readers of lines and terminals obey.
        return _CONTROL.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(said, ensure_ascii=False))
