"""Office files printed to PDF by LibreOffice, and the text of these pages."""

import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pypdfium2

SOFFICE = shutil.which("soffice")
_SECONDS = 300


def printed(files: Mapping[str, bytes], folder: Path) -> dict[str, str]:
    """The text of each file's pages; all are printed by one start of LibreOffice."""
    pages = converted(files, "pdf", folder)
    return {name: _text(pages / f"{Path(name).stem}.pdf") for name in files}


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


def _text(path: Path) -> str:
    pdf = pypdfium2.PdfDocument(path)
    try:
        return "\n".join(page.get_textpage().get_text_bounded() for page in pdf)
    finally:
        pdf.close()


def characters(text: str) -> Counter[str]:
    """How often each character that shows stands in a text; signs are alike where only their form differs."""
    text = text.translate(_ALIKE)
    return Counter(re.sub(r"[\s\u200b\ufffe\u00ad\x00-\x1f]", "", text))


# LibreOffice puts signs of symbol fonts into private use, with the codes of these fonts.
_ALIKE = str.maketrans({"\uf0fe": "☑", "\uf0a8": "☐", "\uf052": "☑", "\uf0a3": "☐", "\u2011": "-", "☒": "☑"})
