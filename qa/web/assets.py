"""The page's own files: styles, scripts, the icon, the manifest."""

import hashlib
from functools import cache
from pathlib import Path

from starlette.responses import FileResponse, Response

FOLDER = Path(__file__).parent / "static"
NAMES = frozenset(path.name for path in FOLDER.iterdir() if path.suffix in (".css", ".js", ".json", ".svg"))


@cache
def version() -> str:
    """One for all files, so that the scripts find each other by name; it changes when any of them does."""
    digest = hashlib.sha256()
    for name in sorted(NAMES):
        digest.update(name.encode() + (FOLDER / name).read_bytes())
    return digest.hexdigest()[:12]


def address(name: str) -> str:
    """Where a file is found: its version is in the path, so that browsers may keep it for good."""
    return f"/pages/{version()}/{name}"


async def send(version: str, name: str) -> Response:
    """A file by its name, whichever version is asked for; 404 for everything that is not one."""
    return FileResponse(FOLDER / name) if name in NAMES else Response(status_code=404)
