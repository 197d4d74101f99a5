"""Runs long work in a process of its own, which outlives the page and the server and does not enlarge them.

The order is passed on standard input: other programs can see arguments and environment, but not this.
"""

import json
import os
import select
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from typing import Any

from qa.runtime.errors import StaffRefused
from qa.runtime.settings import ROOT, Settings
from qa.staff.permissions import Area, Role, reason

# Lower priority than answering.
NICENESS = 10
# Seconds within which the work must have begun or reported why not.
BEGIN_SECONDS = 180.0

# Kept so that finished processes can be waited for.
_started: list[subprocess.Popen[bytes]] = []
# One process begins at a time: each loads the program anew.
_BEGINNING = threading.Lock()


class NotBegun(StaffRefused):
    """The work did not begin; the message says why."""


def refresh(
    settings: Settings, *, who: str, role: Role, why: str = "", force: bool = False, anew: bool = False
) -> None:
    """Begin a refresh and return when it is running or over. Raises `NotBegun`, `NotAllowed`, `Unfit`."""
    # The process would refuse as well, but starting it costs seconds of a core.
    Area(settings, who=who, role=role).require(Role.PUBLISHER, "refresh")
    order = {"work": "refresh", "who": who, "role": role.value, "why": reason(why), "force": force, "anew": anew}
    _begin(settings, order)


def rates(settings: Settings, *, who: str, role: Role, snapshot: str = "") -> None:
    """Begin to count the error rates of a snapshot at all thresholds. The result is stored when it is over.

    Raises `NotBegun`, `NotAllowed`.
    """
    # It keeps a core busy for minutes, and only who answers for what is published needs it.
    Area(settings, who=who, role=role).require(Role.PUBLISHER, "rates")
    _begin(settings, {"work": "rates", "who": who, "role": role.value, "snapshot": snapshot})


def _begin(settings: Settings, order: dict[str, Any]) -> None:
    if not _BEGINNING.acquire(blocking=False):
        raise NotBegun("另一项工作正要开始，请过一会儿再试")
    try:
        _run(settings, order)
    finally:
        _BEGINNING.release()


def _run(settings: Settings, order: dict[str, Any]) -> None:
    _started[:] = [process for process in _started if process.poll() is None]
    process = subprocess.Popen(
        [sys.executable, "-m", "qa.staff.jobs"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    _started.append(process)
    assert process.stdin and process.stdout
    with process.stdin, process.stdout:
        process.stdin.write(json.dumps({"settings": settings.packed(), **order}).encode() + b"\n")
        process.stdin.flush()
        line = _first_line(process.stdout.fileno(), time.monotonic() + BEGIN_SECONDS)
    if line != BEGUN:
        if not line:
            # It was reported as not begun, so it must not begin later with nobody to report to.
            process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(BEGIN_SECONDS)
        raise NotBegun(line or "没有开始，请稍后再试；仍不行请告诉管理人员")


def _first_line(pipe: int, deadline: float) -> str:
    """Return the first line of the process: that it began, or why not. Empty if it died or was silent too long."""
    content = b""
    while b"\n" not in content and select.select([pipe], [], [], max(0.0, deadline - time.monotonic()))[0]:
        chunk = os.read(pipe, 4096)
        if not chunk:
            break
        content += chunk
    return content.decode("utf-8", "replace").strip()


BEGUN = "begun"


def main() -> int:
    """Do what standard input orders; print on the first line of standard output that it began, or why not."""
    import qa.runtime.offline  # noqa: F401 - before all others, as it says

    # isort: split
    from qa.bootstrap.errors import EXPECTED
    from qa.publishing.board import CANCEL
    from qa.runtime.watchdog import watched
    from qa.staff.console import Console

    order = json.loads(sys.stdin.readline())
    settings = Settings.model_validate(order["settings"])
    console = Console(settings, who=order["who"], role=Role(order["role"]))
    # A service manager stops it as staff do: in order, and with a row in the log.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    os.nice(NICENESS)
    told = False

    def begun(*_: object) -> None:
        nonlocal told
        if not told:
            told = True
            print(BEGUN, flush=True)

    try:
        with watched(settings.home / CANCEL):
            if order["work"] == "refresh":
                console.refresh(why=order["why"], force=order["force"], anew=order["anew"], show=begun)
            else:
                console.trial.rates(order["snapshot"], begun=begun)
    except EXPECTED as error:
        if not told:
            print(" ".join(str(error).split()), flush=True)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
