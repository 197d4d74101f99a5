"""What the server logs: one form for every line, and no words of citizens."""

import json
import re
import subprocess
import sys

import pytest

from qa.runtime import logs
from qa.runtime.settings import ROOT

LINE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00 (?:INFO|WARNING|ERROR) [\w.]+: .+")
SECRET = "我叫李小梅"

PROGRAM = """
import logging, sys, warnings
from qa.runtime import logs
logs.configure(sys.argv[1])
logging.getLogger("qa.publishing.serving").info("Now serving snapshot-000001\\nforged line")
logging.getLogger("qa.publishing.serving").info("other ends: \\x85 \\u2028 \\x9b2J \\x7f")
logging.getLogger("uvicorn.error").warning("Invalid HTTP request received.")
logging.getLogger("httpx").info("never shown")
warnings.warn("old", DeprecationWarning)
for error in (ValueError("我叫李小梅"), OSError(28, "No space left on device")):
    try:
        try:
            raise KeyError("我叫李小梅")
        except KeyError:
            raise error
    except Exception:
        logging.getLogger("uvicorn.error").exception("Exception in ASGI application")
"""


def lines(form: str) -> list[str]:
    command = [sys.executable, "-W", "always", "-c", PROGRAM, form]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stderr.splitlines()


def test_every_line_has_a_time_a_level_and_a_name() -> None:
    written = lines(logs.TEXT)
    assert [line for line in written if not LINE.fullmatch(line)] == []
    assert (
        "INFO qa.publishing.serving: Now serving snapshot-000001" in written[0]
        and "qa.publishing.serving: forged line" in written[1]
    )
    assert any("uvicorn.error: Invalid HTTP request" in line for line in written)
    assert any("py.warnings" in line for line in written)
    assert not any("never shown" in line for line in written)


def test_json_has_one_object_a_line() -> None:
    written = [json.loads(line) for line in lines(logs.JSON)]
    assert all({"time", "level", "logger", "message"} <= set(entry) for entry in written)
    assert written[0]["message"] == "Now serving snapshot-000001\nforged line"
    assert "OSError: [Errno 28] No space left on device" in written[-1]["error"]
    # Some readers end a line there, and terminals obey C1 controls.
    assert written[1]["message"] == "other ends: \x85 \u2028 \x9b2J \x7f"
    assert not re.search("[\x7f-\x9f\u2028]", "\n".join(lines(logs.JSON)))


@pytest.mark.parametrize("form", logs.FORMATS)
def test_what_an_error_repeats_of_a_citizen_is_not_written(form: str) -> None:
    written = "\n".join(lines(form))
    assert SECRET not in written
    assert "ValueError" in written and "KeyError" in written and "No space left on device" in written
