"""Where a document stands in Chinese and in English, both say the same: headings, commands, figures, links."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from release.locks import ROOT

DOCS = ROOT / "docs"
# In English a month has a name.
_MONTH = re.compile(r"\d{1,2}月(?=\d{1,2}日)")
# Both languages of these are files, or halves, of their own.
_APART = ("README.md", "README.zh-CN.md", "SECURITY.md")
PAGES = (
    *sorted(page for page in ROOT.glob("*.md") if page.name not in _APART),
    *sorted(DOCS.glob("*.md")),
    DOCS / "decisions" / "README.md",
    ROOT / "deploy" / "README.md",
)
# Headings of these pages are in both languages, side by side.
BOTH = ("commands.md", "licences.md", "llm.md", "operations.md", "settings.md", "training.md")
# The file in Chinese and the one in English.
FILES = {
    "README": ("README.zh-CN.md", "README.md"),
    "documents": ("docs/documents.md", "docs/documents.en.md"),
    "staff": ("docs/staff.md", "docs/staff.en.md"),
}
_BLOCK = re.compile(r"^```\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_SPAN = re.compile(r"`[^`\n]+`")
_TARGET = re.compile(r"\]\(([^)]+)\)|src=\"([^\"]+)\"")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


def commands(text: str) -> list[str]:
    """The lines of code without what a comment says, and the code within lines."""
    lines = [line.partition("#")[0].rstrip() for block in _BLOCK.findall(text) for line in block.splitlines()]
    return sorted(set(lines) | set(_SPAN.findall(_BLOCK.sub("", text))))


def figures(text: str) -> list[str]:
    without = _MONTH.sub("", _TARGET.sub("", _SPAN.sub("", _BLOCK.sub("", text))))
    return sorted({number.replace(",", "") for number in _NUMBER.findall(without)})


def targets(text: str) -> list[str]:
    """Where links lead: to which page, in whichever language; places in a page have other names in each."""
    found = {re.sub(r"\.en\.md|#.*", ".md", first or second) for first, second in _TARGET.findall(text)}
    return sorted({target.replace(".md.md", ".md") for target in found} - {"README.md", "README.zh-CN.md", ".md"})


def sections(text: str) -> list[tuple[int, str]]:
    """The depth of each heading with the text from there to the next."""
    blank = _BLOCK.sub(lambda block: block[0].replace("\n#", "\n "), text)
    starts = [*(match.start() for match in re.finditer(r"^#+ ", blank, re.MULTILINE)), len(text)]
    return [(blank.index(" ", start) - start, text[start:end]) for start, end in zip(starts, starts[1:], strict=False)]


def differences(chinese: str, english: str) -> list[tuple[str, object, object]]:
    """What one language has and the other has not."""
    pairs = [(check.__name__, check(chinese), check(english)) for check in (commands, figures, targets)]
    return [(name, sorted(set(a) - set(b)), sorted(set(b) - set(a))) for name, a, b in pairs if a != b]


def halves(name: str) -> tuple[str, str]:
    """The Chinese and the English text: two files, or two parts of one."""
    if name in FILES:
        return tuple((ROOT / file).read_text(encoding="utf-8") for file in FILES[name])  # type: ignore[return-value]
    chinese, _, english = (ROOT / f"{name}.md").read_text(encoding="utf-8").partition("\n---\n")
    return chinese.partition("\n## ")[2], english.partition("\n## ")[2]


@pytest.mark.parametrize("name", [*FILES, "SECURITY"])
def test_the_text_in_chinese_says_what_the_text_in_english_says(name: str) -> None:
    chinese, english = (sections(half if name in FILES else f"## {half}") for half in halves(name))
    assert [depth for depth, _ in chinese] == [depth for depth, _ in english]
    assert len(chinese) >= 3
    found = [differences(one, other) for (_, one), (_, other) in zip(chinese, english, strict=True)]
    assert found == [[]] * len(found)


def cells() -> Iterator[tuple[str, str, str]]:
    """The cells of tables that hold Chinese above English."""
    for page in sorted(DOCS.glob("*.md")):
        for line in page.read_text(encoding="utf-8").splitlines():
            for cell in line.strip("|").split(" | ") if line.startswith("| ") else ():
                chinese, found, english = cell.partition("<br>")
                if found and re.search("[一-鿿]", chinese):
                    yield page.name, chinese, english


def test_the_cells_of_tables_say_the_same_in_both_languages() -> None:
    listed = list(cells())
    assert len(listed) > 70 and {page for page, _, _ in listed} >= {"settings.md", "commands.md", "operations.md"}
    found = [(page, difference) for page, one, other in listed if (difference := differences(one, other))]
    assert found == []


@pytest.mark.parametrize("name", BOTH)
def test_every_heading_stands_in_both_languages(name: str) -> None:
    text = _BLOCK.sub("", (DOCS / name).read_text(encoding="utf-8"))
    headings: Sequence[str] = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    assert len(headings) > 1
    assert [one for one in headings if not re.search("[一-鿿]", one) or not re.search("[a-zA-Z]{3}", one)] == []


def lead(text: str) -> tuple[str, str]:
    """What a page says first below its title, in Chinese and in English: lines of one paragraph, or two paragraphs."""
    below = re.split(r"(?:^|\n\n)(?:#|\||```)", text.partition("\n\n")[2])[0]
    first, _, rest = below.partition("\n\n")
    both = len({_is_chinese(line) for line in first.splitlines()}) > 1
    lines = (first if both else f"{first}\n{rest.partition(chr(10) * 2)[0]}").splitlines()
    return tuple(" ".join(line for line in lines if _is_chinese(line) is chinese) for chinese in (True, False))  # type: ignore[return-value]


def _is_chinese(line: str) -> bool:
    """Whether a line is in Chinese, which may name commands; a line of English names at most a heading in Chinese."""
    return len(re.findall("[一-鿿，。]", re.sub(r"\([^)]*\)", "", line))) > 7


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_page_begins_with_what_it_is_for_in_both_languages(page: Path) -> None:
    chinese, english = lead(page.read_text(encoding="utf-8"))
    assert _is_chinese(chinese) and len(re.findall("[a-z]{2,}", english)) > 7
    assert differences(chinese, english) == []


def test_a_page_that_begins_in_one_language_would_be_seen() -> None:
    chinese, english = "要知道这些，看这一页，共3份。", "To know this, read this page, 3 of them."
    assert (
        lead(f"# 页\n\n{chinese}\n\n{english}\n\n## 节")
        == lead(f"# 页\n\n{chinese}\n{english}\n")
        == (chinese, english)
    )
    assert lead(f"# 页\n\n## 节\n\n{chinese}\n{english}\n") == ("", "")
    assert lead(f"# 页\n\n{chinese}\n\n## 节\n\n{english}\n") == (chinese, "")


def test_the_changelog_says_how_to_upgrade_in_both_languages() -> None:
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    steps = {
        name: re.findall(rf"^### {name}\n(.*?)^###? ", text, re.MULTILINE | re.DOTALL) for name in ("升级", "Upgrading")
    }
    assert steps["升级"] and len(steps["升级"]) == len(steps["Upgrading"])
    assert [differences(*pair) for pair in zip(*steps.values(), strict=True)] == [[]] * len(steps["升级"])


def test_a_difference_would_be_seen() -> None:
    same = "3 个，见 [x](a.md)，`make a`。", "3 of them, see [y](a.md), `make a`."
    assert differences(*same) == []
    assert [name for name, _, _ in differences("4 个，见 [x](b.md)，`make b`。", same[1])] == [
        "commands",
        "figures",
        "targets",
    ]
