"""How much of the text that docling finds in its own test files ours finds too, by format.

    python -m benchmarks.studies.peers FOLDER

FOLDER is `tests/data` of github.com/docling-project/docling: for each format `sources`, and in `groundtruth` what
docling made of them as Markdown. A word counts as often as it stands there; Chinese and Japanese characters are words.
"""

import argparse
import html
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from corpus.conversion.convert import convert
from corpus.errors import FileProblem
from corpus.limits import DEFAULT_BUDGET
from corpus.loaders import LOADERS

_NO_TEXT = re.compile(r"<!--.*?-->|!?\[([^\]]*)\]\([^)]*\)|<[a-z/][^>]*>|\\(?=[_*#\[\]<>`&-])", re.DOTALL)
_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|[^\W_\u3040-\u30ff\u3400-\u9fff]+")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.studies.peers", description=__doc__)
    parser.add_argument("folder", type=Path)
    totals: dict[str, Counter[str]] = {}
    for source, truth in _pairs(parser.parse_args().folder):
        wanted, suffix = _words(_plain(truth.read_text("utf-8"))), source.suffix.lower()
        try:
            found = _words(convert(source.name, source.read_bytes(), DEFAULT_BUDGET).text)
            note = ""
        except FileProblem as problem:
            found, note = Counter(), f"  {problem}"
        missing = wanted - found
        counts = totals.setdefault(suffix, Counter())
        counts.update(files=1, words=wanted.total(), found=wanted.total() - missing.total(), unread=bool(note))
        share = 1 - missing.total() / wanted.total() if wanted else 1.0
        print(f"{share:7.1%}  {source.name}{note}  {' '.join(word for word, _ in missing.most_common(8))}")
    print()
    for suffix, counts in totals.items():
        share = counts["found"] / counts["words"] if counts["words"] else 1.0
        print(
            f"{suffix:6} {counts['files']:3} files  {counts['words']:7} words  {share:6.1%}  {counts['unread']} unread"
        )


def _pairs(folder: Path) -> Iterator[tuple[Path, Path]]:
    for source in sorted(folder.glob("*/sources/*")):
        folder_of_truths = source.parent.parent / "groundtruth"
        for truth in (folder_of_truths / f"{source.name}.md", folder_of_truths / f"{source.stem}.md"):
            if source.suffix.lower() in LOADERS and truth.is_file():
                yield source, truth
                break


def _plain(markdown: str) -> str:
    return html.unescape(_NO_TEXT.sub(lambda match: match[1] or "", markdown))


def _words(text: str) -> Counter[str]:
    return Counter(_WORD.findall(text.lower()))


if __name__ == "__main__":
    main()
