"""What one document says alone, kept between refreshes: its own words, what it repeals, what it may be called by."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, Protocol

from corpus.document import Document
from corpus.metadata.own_words import OwnWords, read_own_words, titles
from corpus.metadata.repeals import Repeal, base_title, plain_title, repeals
from corpus.validity import DAYS

_CODE = ("corpus/metadata/**/*.py", "corpus/text/**/*.py")  # whatever decides what is read in a text


@dataclass(frozen=True, slots=True)
class Facts:
    """What is read in one document, whatever others there are; `words_hash` is that of its words without spaces."""

    own: OwnWords
    repeals: tuple[Repeal, ...]
    titles: tuple[tuple[str, str], ...]  # each as it is compared, whole and without brackets at its end
    words_hash: str


class Memory(Protocol):
    """Byte strings by 32-byte keys, safe to lose."""

    def get(self, key: bytes) -> bytes | None: ...
    def add(self, values: Mapping[bytes, bytes]) -> None: ...


class Forgetful:
    """Remembers nothing."""

    def get(self, key: bytes) -> bytes | None:
        return None

    def add(self, values: Mapping[bytes, bytes]) -> None: ...


def facts_of(documents: Sequence[Document], memory: Memory) -> dict[str, Facts]:
    """Return the facts of each document by its name; those of a document that was read before are remembered."""
    found: dict[str, Facts] = {}
    new: dict[bytes, bytes] = {}
    for document in documents:
        key = hashlib.sha256(f"{_code()} {document.content_hash}".encode()).digest()
        kept = memory.get(key)
        if kept is None:
            facts = found[document.name] = _read(document)
            new[key] = json.dumps(_as_json(facts), ensure_ascii=False).encode("utf-8", "surrogatepass")
        else:
            found[document.name] = _from_json(json.loads(kept))
    memory.add(new)
    return found


def _read(document: Document) -> Facts:
    names = tuple((plain_title(title), base_title(title)) for title in titles(document))
    words = "".join(document.text.split()).encode("utf-8", "surrogatepass")
    return Facts(read_own_words(document), tuple(repeals(document)), names, hashlib.sha256(words).hexdigest())


def _as_json(facts: Facts) -> dict[str, Any]:
    values = {name: _written(value) for name, value in facts.own.values.items()}
    ended = [{**asdict(repeal), "since": _written(repeal.since)} for repeal in facts.repeals]
    return {
        "values": values,
        "words": facts.own.words,
        "repeals": ended,
        "titles": facts.titles,
        "words_hash": facts.words_hash,
    }


def _from_json(entry: Mapping[str, Any]) -> Facts:
    values = {name: _day(value) if name in DAYS else value for name, value in entry["values"].items()}
    ended = tuple(Repeal(**{**repeal, "since": _day(repeal["since"])}) for repeal in entry["repeals"])
    names = tuple((plain, base) for plain, base in entry["titles"])
    return Facts(OwnWords(values, entry["words"]), ended, names, entry["words_hash"])


def _written(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value


def _day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None


@cache
def _code() -> str:
    """Return a hash of the code that reads facts: another program reads them again."""
    root = Path(__file__).parents[2]
    digest = hashlib.sha256(version("OpenCC").encode())
    for path in (path for pattern in _CODE for path in sorted(root.glob(pattern))):
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()
