"""Reads and writes a file of the documents' folder with its side file, for the staff area."""

from pathlib import Path

from corpus.errors import FileProblem
from corpus.files.scan import contents, file_hash, side_file
from corpus.limits import Limits
from corpus.metadata import side_file as metadata
from corpus.metadata.side_file import FIELDS
from corpus.text.decoding import decode


def differing_in_case(folder: Path, name: str) -> str:
    """Return another file whose name differs only in case; empty when there is none."""
    return next((one.name for one in folder.iterdir() if one.name != name and one.name.lower() == name.lower()), "")


def version(path: Path) -> str:
    """Return the hash of a file and its side file, as `corpus.files.scan` computes it; empty without the file."""
    try:
        return file_hash(*contents(path, limits=Limits(megabytes=200)))
    except OSError:
        return ""


def stored_ns(path: Path) -> int:
    """Return when a file was put where it is, in ns of Unix time; unlike its own date, no copying sets this back."""
    return path.stat().st_ctime_ns


def others(path: Path) -> list[str]:
    """Return the lines of a side file that have no field, so that an edit keeps them."""
    known = {word for words in FIELDS.values() for word in words}
    return [f"{key}: {value}" for key, value in _parsed(path).items() if key not in known]


def described(path: Path) -> dict[str, str]:
    """Return the values of a file's side file, by field."""
    known = {word: field for field, words in FIELDS.items() for word in words}
    return {known[key]: value for key, value in _parsed(path).items() if key in known}


def _parsed(path: Path) -> dict[str, str]:
    try:
        return metadata.parse(decode(side_file(path).read_bytes()))
    except (OSError, ValueError, FileProblem):
        return {}
