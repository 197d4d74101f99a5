"""Makes the wheel, from a copy, so that the build leaves nothing behind: `python -m release.wheel FOLDER`."""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from release.locks import ROOT

ROOMS = ("corpus", "index", "qa")
FILES = ("app.py", "zhefu_qa.py", "pyproject.toml", "requirements.txt", "README.md", "LICENSE")


def build(folder: Path) -> Path:
    """Build the wheel into a folder with the setuptools that is installed; return its path."""
    with tempfile.TemporaryDirectory() as aside:
        for room in ROOMS:
            shutil.copytree(ROOT / room, Path(aside) / room, ignore=shutil.ignore_patterns("__pycache__"))
        for name in FILES:
            shutil.copy(ROOT / name, aside)
        command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--disable-pip-version-check", "--no-deps"]
        command += ["--no-build-isolation", "--wheel-dir", str(folder.absolute()), aside]
        subprocess.run(command, check=True)
    return max(folder.glob("zhefu_qa-*.whl"), key=lambda path: path.stat().st_mtime)


if __name__ == "__main__":
    print(build(Path(sys.argv[1])))
