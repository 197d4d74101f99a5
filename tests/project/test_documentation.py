"""What the documentation for staff promises is what the program does."""

import re
from collections.abc import Iterator
from pathlib import Path

import click

from corpus.files.scan import FileStatus
from corpus.loaders import LOADERS
from corpus.metadata.side_file import FIELDS
from qa.cli.main import command_line
from qa.generation import draft
from qa.runtime.settings import names
from qa.staff.permissions import Role
from qa.staff.settings import LABELS
from qa.web.translations import WORDS

DOCS = Path(__file__).parents[2] / "docs"
GUIDE = (DOCS / "documents.md").read_text(encoding="utf-8")
STAFF = (DOCS / "staff.md").read_text(encoding="utf-8")
# Of those who build the program, told elsewhere.
NOT_OF_STAFF = ("ask", "evaluate", "train")


def test_every_format_field_and_status_is_documented() -> None:
    words = [*LOADERS, *FIELDS, *(name for names in FIELDS.values() for name in names), *FileStatus]
    assert [word for word in words if word not in GUIDE] == []


def test_every_reason_for_a_quoted_answer_is_documented() -> None:
    guide = (Path(__file__).parents[2] / "docs" / "llm.md").read_text(encoding="utf-8")
    reasons = (draft.RESTING, draft.DOWN, draft.BROKEN, draft.BUSY, draft.UNSUPPORTED, draft.NOTHING)
    assert [reason for reason in reasons if f"`{reason}`" not in guide or f"ai_{reason}" not in WORDS] == []
    settings = [name for name in names() if name.startswith("QA_LLM")]
    assert len(settings) == 5 and [name for name in settings if f"`{name}" not in guide] == []


def commands(group: click.Group) -> Iterator[str]:
    """Every command, with the action below it where it has one."""
    for name, below in group.commands.items():
        further = list(commands(below)) if isinstance(below, click.Group) else [""]
        yield from (f"{name} {one}" for one in further)


def test_every_command_of_staff_is_documented() -> None:
    found = [name.strip() for name in commands(command_line)]
    assert "account add" in found and "refresh" in found
    assert [name for name in found if name not in NOT_OF_STAFF and name not in STAFF] == []


def test_every_setting_that_staff_change_and_every_role_is_documented() -> None:
    assert [name for name in LABELS if f"| `{name}` |" not in STAFF] == []
    assert [role for role in Role if f"{role.label} `{role.value}`" not in STAFF] == []


def test_every_decision_has_its_four_parts_and_one_line_in_the_index() -> None:
    decisions = {path.name: path.read_text(encoding="utf-8") for path in (DOCS / "decisions").glob("*.md")}
    listed = re.findall(r"^- \[[a-z-]+\]\(([a-z-]+\.md)\): \S", decisions.pop("README.md"), re.MULTILINE)
    assert sorted(listed) == sorted(decisions) and len(listed) > 10
    parts = ["Context", "Options", "Measured", "Decision"]
    found = {name: re.findall(r"^## (.+)$", text, re.MULTILINE) for name, text in decisions.items()}
    assert {name: headings for name, headings in found.items() if headings != parts} == {}


def test_every_link_between_documents_leads_to_a_file() -> None:
    root = DOCS.parent
    pages = [*root.glob("*.md"), *DOCS.rglob("*.md")]
    links = [
        (page.relative_to(root).as_posix(), target)
        for page in pages
        for target in re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", page.read_text(encoding="utf-8"))
    ]
    assert len(links) > 50
    assert [(page, target) for page, target in links if not (root / page).parent.joinpath(target).exists()] == []


def test_every_decision_that_code_names_exists() -> None:
    root = DOCS.parent
    sources = [path for room in ("corpus", "index", "qa", "benchmarks") for path in (root / room).rglob("*.py")]
    named = {name for path in sources for name in re.findall(r"docs/decisions[\w/.-]*\.md", path.read_text("utf-8"))}
    assert len(named) > 5
    assert [name for name in sorted(named) if not (root / name).exists()] == []
