"""What the documentation for staff promises about files is what the program does."""

from pathlib import Path

from corpus.loaders import LOADERS
from corpus.metadata import FIELDS
from corpus.scan import FileStatus

GUIDE = (Path(__file__).parents[1] / "docs" / "documents.md").read_text(encoding="utf-8")


def test_every_format_field_and_status_is_documented() -> None:
    words = [*LOADERS, *FIELDS, *(name for names in FIELDS.values() for name in names), *FileStatus]
    assert [word for word in words if word not in GUIDE] == []
