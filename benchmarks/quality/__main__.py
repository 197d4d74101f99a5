"""One table of quality over many documents.

    python -m benchmarks.quality [--sets a,b] [--limit N] [--leave-out FILE] [--json OUT] [--base FILE] [--gate FILE]

A set whose files are not on this machine is left out by name. `--json` keeps every reply's outcome and confidence;
`--base` prints what moved since such a file was written. Exit codes: 0 done, 1 a gate is missed, 2 wrong use.
"""

import argparse
import json
import os
import sys
from pathlib import Path
from typing import Any

import qa.runtime.offline  # noqa: F401  # before the libraries that it silences
from benchmarks.quality import sets
from benchmarks.quality.comparing import missed, moved
from benchmarks.quality.measuring import SQUAD, measure
from benchmarks.quality.report import table
from qa.runtime.settings import read as read_settings

LIMIT = 640  # of a set: a quarter of an hour for all sets on two cores


def main() -> int:
    options = _options()

    def keep(result: dict[str, Any]) -> None:
        if options.json:
            options.json.write_text(json.dumps(result, ensure_ascii=False, indent=0), encoding="utf-8")

    left_out = frozenset(sets.ids(options.leave_out)) if options.leave_out else frozenset[str]()
    result = measure(read_settings(os.environ), options.sets, limit=options.limit, left_out=left_out, keep=keep)
    for line in table(result):
        print(line)
    if options.base:
        print(f"\nMoved since {options.base}")
        for line in moved(json.loads(options.base.read_text(encoding="utf-8")), result):
            print(line)
    lines = missed(json.loads(options.gate.read_text(encoding="utf-8")), result) if options.gate else []
    for line in ["\nGates missed:", *lines] if lines else []:
        print(line)
    return 1 if lines else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.quality", description="One table of quality")
    parser.add_argument("--sets", default="", help="names separated by commas; without it, all")
    parser.add_argument("--limit", type=int, default=LIMIT, help="at most so many questions a set, 0 for all")
    parser.add_argument("--leave-out", type=Path, metavar="FILE", help="ids of questions not asked, one a line")
    parser.add_argument("--json", type=Path, metavar="OUT", help="keep figures and every reply's outcome here")
    parser.add_argument("--base", type=Path, metavar="FILE", help="print what moved since this JSON")
    parser.add_argument("--gate", type=Path, metavar="FILE", help="end with 1 where a figure misses its value")
    options = parser.parse_args()
    known = [*sets.names(), *SQUAD]
    options.sets = options.sets.split(",") if options.sets else known
    for name in options.sets:
        if name not in known:
            parser.error(f"{name} is no set; there are {', '.join(known)}")
    for path in (options.leave_out, options.base, options.gate):
        if path and not path.is_file():
            parser.error(f"{path} is not there")
    return options


if __name__ == "__main__":
    sys.exit(main())
