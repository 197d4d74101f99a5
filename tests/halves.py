"""Run the whole suite in two halves side by side: `python -m tests.halves [pytest's arguments]`.

One half needs the real models or a browser, and shares one server, one browser and one copy of the models. The other
needs neither. Each ends with its ten slowest tests. The exit code is the worse of both.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

HALVES = ("slow or browser", "not slow and not browser")
NONE_COLLECTED = 5  # pytest's exit code where the arguments leave nothing of a half


def main(arguments: list[str]) -> int:
    """Run both halves; print the one that can be followed as it goes, then the other."""
    command = [sys.executable, "-m", "pytest", "-q", "--durations=10", *arguments]
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "log.txt"
        with log.open("wb") as output:
            # A cache of its own would be written over by the other half.
            behind = subprocess.Popen(
                [*command, "-p", "no:cacheprovider", "-m", HALVES[0]], stdout=output, stderr=subprocess.STDOUT
            )
        try:
            codes = [subprocess.run([*command, "-m", HALVES[1]]).returncode, behind.wait()]
        finally:
            if behind.poll() is None:
                behind.terminate()
                behind.wait()
            print(f"\n=== {HALVES[0]} ===", flush=True)
            sys.stdout.buffer.write(log.read_bytes())
            sys.stdout.flush()
    # Nothing of one half is what the arguments asked for; nothing of both is no test at all.
    ran = [abs(code) for code in codes if code != NONE_COLLECTED]
    return max(ran, default=NONE_COLLECTED)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
