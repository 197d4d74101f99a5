"""On the path of a child process, it writes down and refuses every network call that would leave the machine."""

import os
import sys
from pathlib import Path
from typing import Any

from tests.support.programs.network import outside

_record = Path(os.environ["NETWORK_RECORD"])


def _write_down(event: str, arguments: tuple[Any, ...]) -> None:
    host = outside(event, arguments)
    if host is not None:
        with _record.open("a", encoding="utf-8") as record:
            record.write(f"{event} {host}\n")
        raise ConnectionRefusedError(f"{event} to {host}: tests reach only the loopback")


_record.touch()
sys.addaudithook(_write_down)
