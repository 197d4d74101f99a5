"""Long work in a process of its own: it outlives the page and the server that started it, and neither grows by it.

`start` hands the order over on standard input: unlike arguments and the environment, no other program can see it.
"""

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import fields
from pathlib import Path
from typing import Any, get_type_hints

from qa.roles import Role, StaffRefused
from qa.settings import ROOT, Secret, Settings

# Answers come first.
NICENESS = 10
# Within these it has either begun, which the progress tells, or said why not.
BEGIN_SECONDS = 60.0

# Held until they are over, so that they are waited for.
_started: list[subprocess.Popen[str]] = []


class NotBegun(StaffRefused):
    """The work has not begun; the message says why."""


def refresh(
    settings: Settings, *, who: str, role: Role, why: str = "", force: bool = False, anew: bool = False
) -> None:
    """Begin a refresh, and return when it is under way or over. Raises `NotBegun`."""
    order = {"work": "refresh", "who": who, "role": role.value, "why": why, "force": force, "anew": anew}
    _begin(settings, order)


def rates(settings: Settings, *, who: str, role: Role, snapshot: str = "") -> None:
    """Begin to count the error rates of a snapshot at all thresholds; they are remembered when it is over."""
    _begin(settings, {"work": "rates", "who": who, "role": role.value, "snapshot": snapshot})


def _begin(settings: Settings, order: dict[str, Any]) -> None:
    _started[:] = [process for process in _started if process.poll() is None]
    process = subprocess.Popen(
        [sys.executable, "-m", "qa.apart"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        encoding="utf-8",
        start_new_session=True,
    )
    _started.append(process)
    assert process.stdin and process.stdout
    process.stdin.write(json.dumps({"settings": _packed(settings), **order}) + "\n")
    process.stdin.close()
    # A line comes when the work is under way, or when it cannot be; the end of the file when the process died.
    os.set_blocking(process.stdout.fileno(), False)
    deadline, line = time.monotonic() + BEGIN_SECONDS, ""
    while not line.endswith("\n") and time.monotonic() < deadline:
        line += process.stdout.read() or ""
        if process.poll() is not None:
            line += process.stdout.read() or ""
            break
        time.sleep(0.05)
    process.stdout.close()
    if line.strip() != BEGUN:
        raise NotBegun(line.strip() or "没有开始，请看服务器的日志")


BEGUN = "begun"


def main() -> int:
    """Do what standard input orders, and say on the first line of standard output that it began, or why not."""
    import qa.offline  # noqa: F401 - before all others, as it says

    # isort: split
    from qa.console import Console
    from qa.expected import EXPECTED

    order = json.loads(sys.stdin.readline())
    console = Console(_unpacked(order["settings"]), who=order["who"], role=Role(order["role"]))
    # A service manager ends it as staff do: in order, and with a row in the log.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    os.nice(NICENESS)
    told = False

    def begun(*_: object) -> None:
        nonlocal told
        if not told:
            told = True
            print(BEGUN, flush=True)

    try:
        if order["work"] == "refresh":
            console.refresh(why=order["why"], force=order["force"], anew=order["anew"], show=begun)
        else:
            begun()
            console.trial.rates(order["snapshot"])
    except EXPECTED as error:
        if not told:
            print(" ".join(str(error).split()), flush=True)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def _packed(settings: Settings) -> dict[str, Any]:
    def plain(value: Any) -> Any:
        return value.reveal() if isinstance(value, Secret) else str(value) if isinstance(value, Path) else value

    return {field.name: plain(getattr(settings, field.name)) for field in fields(Settings)}


def _unpacked(content: dict[str, Any]) -> Settings:
    made = {Path: Path, Secret: Secret, tuple[str, ...]: tuple}
    hints = get_type_hints(Settings)
    return Settings(**{name: made.get(hints[name], lambda value: value)(value) for name, value in content.items()})


if __name__ == "__main__":
    sys.exit(main())
