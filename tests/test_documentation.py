"""What the documentation for staff promises about files is what the program does."""

from pathlib import Path

from corpus.loaders import LOADERS
from corpus.metadata import FIELDS
from corpus.scan import FileStatus
from qa import writing
from qa.pages.words import WORDS
from qa.settings import SETTINGS

GUIDE = (Path(__file__).parents[1] / "docs" / "documents.md").read_text(encoding="utf-8")


def test_every_format_field_and_status_is_documented() -> None:
    words = [*LOADERS, *FIELDS, *(name for names in FIELDS.values() for name in names), *FileStatus]
    assert [word for word in words if word not in GUIDE] == []


def test_every_reason_for_a_quoted_answer_is_documented() -> None:
    guide = (Path(__file__).parents[1] / "docs" / "llm.md").read_text(encoding="utf-8")
    reasons = (writing.RESTING, writing.DOWN, writing.BROKEN, writing.BUSY, writing.UNSUPPORTED, writing.NOTHING)
    assert [reason for reason in reasons if f"`{reason}`" not in guide or f"ai_{reason}" not in WORDS] == []
    settings = [setting.name for setting in SETTINGS if setting.name.startswith("QA_LLM")]
    assert len(settings) == 5 and [name for name in settings if f"`{name}" not in guide] == []
