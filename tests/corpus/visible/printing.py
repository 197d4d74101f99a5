"""Office files printed to PDF by LibreOffice, and the text of these pages."""

import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Mapping
from math import ceil
from pathlib import Path
from typing import Any

import numpy as np
import pypdfium2

SOFFICE = shutil.which("soffice")
_SECONDS = 300
_SCALE, _LEAST = 2.0, 24  # pixels per point; difference of colours, of 255


def printed(files: Mapping[str, bytes], folder: Path) -> dict[str, str]:
    """The text of each file's pages; all are printed by one start of LibreOffice."""
    pages = converted(files, "pdf", folder)
    return {name: text_of_pdf(pages / f"{Path(name).stem}.pdf") for name in files}


def converted(files: Mapping[str, bytes], form: str, folder: Path) -> Path:
    """The folder with the files that one start of LibreOffice makes of these."""
    sources, made = folder / f"for_{form}", folder / form
    sources.mkdir()
    for name, content in files.items():
        (sources / name).write_bytes(content)
    command = [str(SOFFICE), "--headless", f"-env:UserInstallation={(folder / 'profile').as_uri()}"]
    command += ["--convert-to", form, "--outdir", str(made), *(str(sources / name) for name in files)]
    subprocess.run(command, check=True, capture_output=True, timeout=_SECONDS)
    return made


def text_of_pdf(path: Path) -> str:
    """The characters that the pages show."""
    pdf = pypdfium2.PdfDocument(path)
    try:
        return "\n".join(map(_seen, pdf))
    finally:
        pdf.close()


def _seen(page: Any) -> str:
    """The characters of a page that differ from their ground: white type stands in a PDF and shows nothing."""
    words, (width, height) = page.get_textpage(), page.get_size()
    image = page.render(scale=_SCALE).to_numpy().reshape(-1, ceil(width * _SCALE), 3).astype(int)
    seen = []
    for index in range(words.count_chars()):
        left, bottom, right, top = words.get_charbox(index)
        rows = slice(max(int((height - top) * _SCALE), 0), int((height - bottom) * _SCALE) + 1)
        part = image[rows, max(int(left * _SCALE), 0) : int(right * _SCALE) + 1]
        character = words.get_text_range(index, 1)
        seen.append(
            character if character.isspace() or (part.size and np.ptp(part, axis=(0, 1)).max() > _LEAST) else ""
        )
    return "".join(seen)


def characters(text: str) -> Counter[str]:
    """How often each character that shows stands in a text; signs are alike where only their form differs."""
    text = text.translate(_ALIKE)
    return Counter(re.sub(r"[\s\u200b\ufffe\u00ad\x00-\x1f]", "", text))


# LibreOffice puts signs of symbol fonts into private use, with the codes of these fonts.
_ALIKE = str.maketrans({"\uf0fe": "☑", "\uf0a8": "☐", "\uf052": "☑", "\uf0a3": "☐", "\u2011": "-", "☒": "☑"})
