"""What staff write about a document beside its file: title, issuer, validity."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from corpus.document import Document
from corpus.errors import Quarantined
from corpus.files.scan import side_file
from corpus.metadata import side_file as metadata
from corpus.metadata.side_file import FIELDS
from qa.runtime.errors import Overtaken, StaffRefused
from qa.staff.documents import side_files
from qa.staff.documents.folder import DocumentFolder
from qa.staff.permissions import Role, needs

_UNSEEN = frozenset(["Cc", "Cf", "Cs"])
# Characters of a field of the side file: titles are shown with every answer.
MOST_VALUE = 500
MOST_TOLD = 60
# No other scheme: an address that runs a script, or opens a file of the reader's machine, would be a trap.
_WEB = re.compile(r"https?://[^/\s]", re.IGNORECASE)


class MetadataRefused(StaffRefused):
    """A field of a document cannot hold this value."""


@dataclass(frozen=True, slots=True)
class Metadata:
    """The fields of a document's side file."""

    name: str
    values: Mapping[str, str]
    version: str


class DocumentFields(DocumentFolder):
    """The fields of documents, as one member of staff may write them."""

    @needs(Role.EDITOR)
    def metadata(self, name: str) -> Metadata:
        """Return the fields of the side file. Raises `DocumentMissing`."""
        path = self._path(name)
        return Metadata(name, side_files.described(path), side_files.version(path))

    @needs(Role.EDITOR)
    def edit(self, name: str, values: Mapping[str, str], *, version: str) -> Metadata:
        """Rewrite the side file; a field with an empty value is removed.

        Raises `Overtaken`, `MetadataRefused`, `DocumentMissing`.
        """
        if unknown := [field for field in values if field not in FIELDS]:
            raise MetadataRefused(f"没有{'、'.join(unknown)}这个项目；可以写的有{'、'.join(FIELDS)}")
        kept = {field: " ".join(_seen(values.get(field, "")).split()) for field in FIELDS}
        for field, value in kept.items():
            if len(value) > MOST_VALUE:
                raise MetadataRefused(f"{FIELDS[field][1]}有{len(value)}个字，最多{MOST_VALUE}个，请缩短")
            # A file with such a character cannot be read, so all its fields would be gone.
            if own := [char for char in value if unicodedata.category(char) == "Co"]:
                raise MetadataRefused(f"{FIELDS[field][1]}里的“{own[0]}”是自造的字，别的电脑上看不到；请换成通用的字")
        if kept["url"] and not _WEB.match(kept["url"]):
            raise MetadataRefused(
                f"网址“{kept['url'][:MOST_TOLD]}”不能用；要以http://或https://开头，例如https://www.example.gov.cn"
            )
        try:
            metadata.apply(Document(name, name, "文"), kept)
        except Quarantined as error:
            raise MetadataRefused(f"没有保存：{error}") from error
        with self._audit.action(self._who, "edit", target=name), self._folder() as files:
            path = self._path(name)
            if side_files.version(path) != version:
                raise Overtaken(f"{name}已被别人改过，您的改动没有保存；请重新打开后再改")
            lines = [f"{field}: {value}" for field, value in kept.items() if value] + side_files.others(path)
            if lines:
                files.put(side_file(path), ("\n".join(lines) + "\n").encode())
            else:
                files.remove(side_file(path))
        return self.metadata(name)


def _seen(text: str) -> str:
    """Return text without what cannot be seen: direction marks would let a title read differently to citizens."""
    return "".join(char for char in text if char.isspace() or unicodedata.category(char) not in _UNSEEN)
