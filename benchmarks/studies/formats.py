"""The same documents in other formats: whether titles, rows of tables and lines are read alike.

    python -m benchmarks.studies.formats [--formats docx,pdf,html,odt,rtf,doc,epub,mht,xlsx,pptx] [--keep FOLDER]

The documents of the further offices (Markdown, plain text, CSV) are written as pages, and LibreOffice saves these in
each format. What our loaders read of a copy is compared with what they read of the original. `--keep` leaves the copies
in FOLDER/OFFICE_FORMAT/documents with the office's questions beside them: below `benchmarks/quality/offices` they are
sets of their own for `benchmarks.quality`. LibreOffice is needed.
"""

import argparse
import csv
import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from pathlib import Path

from markdown_it import MarkdownIt

from benchmarks.studies.made_formats import MADE
from corpus.document import Document
from corpus.read import read
from corpus.text.decoding import decode

OFFICES = Path(__file__).parents[1] / "quality" / "offices"
# Formats and LibreOffice's names for them; a PDF is printed from the DOCX, as offices do.
SAVED: Mapping[str, str] = {"docx": "docx:MS Word 2007 XML", "odt": "odt", "rtf": "rtf", "doc": "doc:MS Word 97"}
DEFAULT = "docx,pdf,html"
SOURCES = (".md", ".txt", ".csv")  # others lie beside them in some offices
_FRONT_MATTER = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)
_TABLE = '<table border="1" cellspacing="0" width="100%">'
_MARK = re.compile(r"^\s*(?:[-•●▪]|\d+[.、])\s*")


def page(path: Path) -> str:
    """Return a document as a web page: its headings, paragraphs, lists and tables."""
    text = decode(path.read_bytes())
    match path.suffix:
        case ".csv":
            rows = csv.reader(text.splitlines())
            cells = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
            body = f"<h1>{escape(path.stem)}</h1>{_TABLE}{cells}</table>"
        case ".md":
            parser = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable("table")
            body = parser.render(_FRONT_MATTER.sub("", text)).replace("<table>", _TABLE)
        case _:
            body = "".join(f"<p>{escape(line)}</p>" for line in text.splitlines() if line.strip())
    return f'<!DOCTYPE html><html><head><meta charset="utf-8"></head><body>{body}</body></html>'


def save(files: Sequence[Path], form: str, folder: Path) -> None:
    """Have LibreOffice save files in another format. Raises `CalledProcessError`."""
    command: list[str | Path] = ["soffice", "--headless", "--convert-to", form, "--outdir", folder, *files]
    subprocess.run(command, check=True, capture_output=True)


def copies(office: Path, formats: Sequence[str], folder: Path) -> Iterator[tuple[str, Path]]:
    """Write the documents of an office in each format, and yield the format with its folder."""
    pages = folder / f"{office.name}_html" / "documents"
    pages.mkdir(parents=True)
    sources = [path for path in sorted((office / "documents").iterdir()) if path.suffix in SOURCES]
    for path in sources:
        (pages / f"{path.stem}.html").write_text(page(path), encoding="utf-8")
    for form in formats:
        into = folder / f"{office.name}_{form}" / "documents"
        if make := MADE.get(form):
            taken = [path for path in sources if form != "xlsx" or path.suffix == ".csv"]
            if not taken:
                continue
            into.mkdir(parents=True)
            for path in taken:
                (into / f"{path.stem}.{form}").write_bytes(make(path, page(path)))
            yield form, into
            continue
        if form == "pdf":
            with tempfile.TemporaryDirectory() as aside:
                save(sorted(pages.iterdir()), SAVED["docx"], Path(aside))
                save(sorted(Path(aside).iterdir()), "pdf", into)
        elif form != "html":
            save(sorted(pages.iterdir()), SAVED[form], into)
        yield form, into


def with_questions(office: Path, form: str, folder: Path) -> None:
    """Put the office's questions beside copies of its documents."""
    lines = []
    for line in (office / "questions.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if row.get("document"):
            row["document"] = f"{Path(row['document']).stem}.{form}"
        lines.append(json.dumps(row, ensure_ascii=False))
    (folder.parent / "questions.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")


def lines_of(document: Document) -> list[str]:
    """Return the lines of a document without the marks of lists, which each format has of its own."""
    return [_MARK.sub("", line).strip() for line in document.text.split("\n") if line.strip()]


def compared(original: Document, copy: Document | None) -> tuple[int, int, int, int, bool]:
    """Return of a copy: rows found, rows, lines found, lines, and whether the title is the same."""
    rows = [line for line in lines_of(original) if original.tables and "；" in line and "：" in line]
    read_lines = set(lines_of(copy)) if copy else set()
    lines = lines_of(original)
    found = sum(line in read_lines for line in rows), len(rows), sum(line in read_lines for line in lines), len(lines)
    return (*found, copy is not None and copy.title == original.title)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--formats", default=DEFAULT)
    parser.add_argument("--keep", type=Path)
    options = parser.parse_args()
    if not shutil.which("soffice"):
        print("LibreOffice is needed: apt-get install libreoffice-writer", file=sys.stderr)
        return 2
    print("| office | format | files read | same title | rows of tables | lines |\n|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as aside:
        for office in sorted(path for path in OFFICES.iterdir() if path.is_dir() and "_" not in path.name):
            originals = read(office / "documents").documents
            for form, folder in copies(office, options.formats.split(","), options.keep or Path(aside)):
                got = {Path(one.name).stem: one for one in read(folder).documents}
                kinds = (".csv",) if form == "xlsx" else SOURCES
                own = [one for one in originals if one.name.endswith(kinds)]
                seen = [compared(one, got.get(Path(one.name).stem)) for one in own]
                rows, of_rows, lines, of_lines, titles = (sum(column) for column in zip(*seen, strict=True))
                print(
                    f"| {office.name} | {form} | {len(got)} of {len(own)} | {titles} | {rows} of {of_rows} | "
                    f"{lines} of {of_lines} |",
                    flush=True,
                )
                if options.keep:
                    with_questions(office, form, folder)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
