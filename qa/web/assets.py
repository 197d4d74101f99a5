"""The page's own files: styles, scripts, icons, the manifest."""

import hashlib
from functools import cache
from pathlib import Path

from starlette.responses import FileResponse, Response

FOLDER = Path(__file__).parent / "static"
# The addresses know no folders: a name stands for one file, so that scripts find each other beside themselves.
FILES = {path.name: path for path in FOLDER.rglob("*") if path.suffix in (".css", ".js", ".json", ".png", ".svg")}


@cache
def version() -> str:
    """Return one version for all files, which changes when any file does, so that scripts find each other by name."""
    digest = hashlib.sha256()
    for name, path in sorted(FILES.items()):
        digest.update(name.encode() + path.read_bytes())
    return digest.hexdigest()[:12]


def address(name: str) -> str:
    """Return the address of a file; its path holds the version, so that browsers may keep it forever."""
    return f"/pages/{version()}/{name}"


async def send(version: str, name: str) -> Response:
    """Send a file by name, in whichever version is asked for; 404 for any other name."""
    return FileResponse(FILES[name]) if name in FILES else Response(status_code=404)
