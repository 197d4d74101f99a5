"""A file of the documents' folder with its side file, as the staff area reads and writes it."""

from pathlib import Path

from corpus.errors import FileProblem
from corpus.files.scan import contents, file_hash, side_file
from corpus.limits import Limits
from corpus.metadata import side_file as metadata
from corpus.metadata.side_file import FIELDS
from corpus.text.decoding import decode


def differing_in_case(folder: Path, name: str) -> str:
    """A file that is the same to systems that do not tell capitals from small letters; empty when there is none."""
    return next((one.name for one in folder.iterdir() if one.name != name and one.name.lower() == name.lower()), "")


def version(path: Path) -> str:
    """The hash of a file and its side file, as `corpus.files.scan` makes it; empty without the file."""
    try:
        return file_hash(*contents(path, limits=Limits(megabytes=200)))
    except OSError:
        return ""


def others(path: Path) -> list[str]:
    """The lines of a side file for which there is no field; whoever wrote them keeps them."""
    known = {word for words in FIELDS.values() for word in words}
    return [f"{key}: {value}" for key, value in _parsed(path).items() if key not in known]


def described(path: Path) -> dict[str, str]:
    """What the side file of a file says, by field."""
    known = {word: field for field, words in FIELDS.items() for word in words}
    return {known[key]: value for key, value in _parsed(path).items() if key in known}


def _parsed(path: Path) -> dict[str, str]:
    try:
        return metadata.parse(decode(side_file(path).read_bytes()))
    except (OSError, ValueError, FileProblem):
        return {}
