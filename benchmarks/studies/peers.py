"""How much of the text that other converters find in their own test files ours finds too, by format.

    python -m benchmarks.studies.peers FOLDER [--markitdown PYTHON]

FOLDER is `tests/data` of github.com/docling-project/docling: for each format `sources`, and in `groundtruth` what
docling made of them as Markdown. Or it is a folder of files with `expected_outputs`, as MarkItDown has, or of files
alone, as pdfplumber has: then what MarkItDown finds is the truth. PYTHON is an interpreter that has MarkItDown; its
share stands beside ours. A word counts as often as it stands in the truth; Chinese and Japanese characters are words.
"""

import argparse
import html
import json
import re
import subprocess
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from corpus.conversion.convert import convert
from corpus.conversion.office import convert_with_office
from corpus.errors import FileProblem
from corpus.limits import DEFAULT_BUDGET, DEFAULT_LIMITS
from corpus.loaders import LOADERS

_NO_TEXT = re.compile(r"<!--.*?-->|!?\[([^\]]*)\]\([^)]*\)|<[a-z/][^>]*>|\\(?=[_*#\[\]<>`&-])", re.DOTALL)
_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|[^\W_\u3040-\u30ff\u3400-\u9fff]+")
_MARKITDOWN = """
import json, sys
from markitdown import MarkItDown
converter = MarkItDown()
for path in sys.argv[1:]:
    try:
        text = converter.convert(path).markdown
    except Exception as error:
        text = None
    print(json.dumps([path, text]), flush=True)
"""


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.studies.peers", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--markitdown", metavar="PYTHON", help="an interpreter that has MarkItDown")
    given = parser.parse_args()
    pairs = list(_pairs(given.folder))
    beside = _by_markitdown(given.markitdown, [source for source, _ in pairs]) if given.markitdown else {}
    totals: dict[str, Counter[str]] = {}
    for source, truth in pairs:
        told = truth.read_text("utf-8") if truth else beside.get(source) or ""
        row = _compared(source, _words(_plain(told)), _words(_plain(beside.get(source) or "")))
        totals.setdefault(source.suffix.lower(), Counter()).update(row)
    print()
    for suffix, counts in totals.items():
        shares = [counts[name] / counts["words"] if counts["words"] else 1.0 for name in ("found", "beside")]
        words = f"{suffix:6} {counts['files']:3} files  {counts['words']:7} words  ours {shares[0]:6.1%}"
        print(f"{words}  MarkItDown {shares[1]:6.1%}  {counts['unread']} unread")


def _compared(source: Path, wanted: Counter[str], others: Counter[str]) -> dict[str, int]:
    """Return the counts of one file, and print its line."""
    since = time.process_time()
    try:
        found, note = _words(_read(source)), ""
    except FileProblem as problem:
        found, note = Counter(), f"  {problem}"
    missing, total = wanted - found, wanted.total()
    theirs = total - (wanted - others).total()
    seconds = time.process_time() - since
    shares = [(total - missing.total()) / total if total else 1.0, theirs / total if total else 1.0]
    most = " ".join(word for word, _ in missing.most_common(8))
    print(f"{shares[0]:7.1%} {shares[1]:7.1%} {seconds:5.1f} s  {source.name}{note}  {most}", flush=True)
    counts = {"files": 1, "words": total, "found": total - missing.total(), "beside": theirs}
    return counts | {"unread": int(bool(note))}


def _read(source: Path) -> str:
    content, suffix = source.read_bytes(), source.suffix.lower()
    if made := LOADERS[suffix].office:
        content = convert_with_office(content, suffix=suffix, target=made, limits=DEFAULT_LIMITS)
        return convert(f"{source.stem}{made}", content, DEFAULT_BUDGET).text
    return convert(source.name, content, DEFAULT_BUDGET).text


def _pairs(folder: Path) -> Iterator[tuple[Path, Path | None]]:
    """Yield each file with its truth, None where it has none."""
    for source in sorted([*folder.glob("*/sources/*"), *folder.glob("*.*")]):
        if source.suffix.lower() not in LOADERS or LOADERS[source.suffix.lower()].container:
            continue
        docling = source.parent.parent / "groundtruth"
        names = (docling / f"{source.name}.md", docling / f"{source.stem}.md")
        # MarkItDown's are of PDF files; its files of other formats have the same names.
        expected = source.parent / "expected_outputs" / f"{source.stem}.md"
        truths = (*names, expected) if source.suffix.lower() == ".pdf" else names
        found = next((truth for truth in truths if truth.is_file() and truth.stat().st_size), None)
        if found or source.parent == folder:
            yield source, found


def _by_markitdown(python: str, sources: Sequence[Path]) -> Mapping[Path, str | None]:
    """Return the text that MarkItDown finds in each file; None where it ends in an error."""
    command = [python, "-c", _MARKITDOWN, *map(str, sources)]
    lines = subprocess.run(command, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout
    return {Path(path): text for path, text in map(json.loads, lines.decode().splitlines())}


def _plain(markdown: str) -> str:
    return html.unescape(_NO_TEXT.sub(lambda match: match[1] or "", markdown))


def _words(text: str) -> Counter[str]:
    return Counter(_WORD.findall(text.lower()))


if __name__ == "__main__":
    main()
