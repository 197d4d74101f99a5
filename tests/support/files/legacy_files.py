"""Files of programs that we do not read ourselves, saved by LibreOffice from those of `office_files`.

They lie beside; `python -m tests.support.files.legacy_files` saves them again.
"""

import io
import lzma
import os
import struct
import subprocess
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

import olefile

from corpus.loaders.parts import libreoffice
from tests.support.files import office_files

ORIGINALS: Mapping[str, Callable[[], bytes]] = {
    ".docx": office_files.docx_file,
    ".xlsx": office_files.xlsx_file,
    ".pptx": office_files.pptx_file,
}
# What each is saved from, and what LibreOffice calls it; WPS Office writes Microsoft's formats under its own suffixes.
_SAVED: Mapping[str, tuple[str, str]] = {
    ".doc": (".docx", "doc"),
    ".wps": (".docx", "doc"),
    ".rtf": (".docx", "rtf"),
    ".odt": (".docx", "odt"),
    ".xls": (".xlsx", "xls"),
    ".et": (".xlsx", "xls"),
    ".ods": (".xlsx", "ods"),
    ".ppt": (".pptx", "ppt"),
    ".dps": (".pptx", "ppt"),
    ".odp": (".pptx", "odp"),
}
FORMATS = tuple(_SAVED)
SAVED = Path(__file__).with_name("saved")


def legacy_file(suffix: str) -> bytes:
    """The report of `office_files` in a format of `FORMATS`."""
    return lzma.decompress((SAVED / f"report.{_SAVED[suffix][1]}.xz").read_bytes())


def save_again() -> None:
    """Save the report in all formats, by LibreOffice, after a change of `office_files`."""
    program = libreoffice.program()
    assert program, "LibreOffice is not installed"
    for original, form in sorted(set(_SAVED.values())):
        with tempfile.TemporaryDirectory() as folder:
            given, made = Path(folder) / f"report{original}", Path(folder) / f"report.{form}"
            given.write_bytes(ORIGINALS[original]())
            command = [str(program), f"-env:UserInstallation=file://{folder}/profile", "--headless", "--norestore"]
            command += ["--convert-to", form, "--outdir", folder, str(given)]
            for _ in range(2):  # the first time LibreOffice ends after it has set up the profile
                if not made.exists():
                    subprocess.run(command, env={**os.environ, "HOME": folder}, capture_output=True, check=False)
            (SAVED / f"{made.name}.xz").write_bytes(lzma.compress(made.read_bytes()))


def with_password(suffix: str) -> bytes:
    """A file that says that it is encrypted, where its format says so."""
    content = legacy_file(suffix)
    if suffix in (".odt", ".ods"):
        parts = office_files.unzipped(content)
        said = b"<manifest:encryption-data/></manifest:manifest>"
        parts["META-INF/manifest.xml"] = parts["META-INF/manifest.xml"].replace(b"</manifest:manifest>", said)
        return office_files.zip_file(parts)
    buffer = io.BytesIO(content)
    with olefile.OleFileIO(buffer, write_mode=True) as ole:
        name = "WordDocument" if suffix == ".doc" else "Workbook"
        stream = bytearray(ole.openstream(name).read())
        if suffix == ".doc":
            stream[11] |= 0x01  # [MS-DOC] 2.5.1: fEncrypted
        else:
            first = struct.unpack_from("<HH", stream)[1]
            struct.pack_into("<H", stream, 4 + first, 0x2F)  # [MS-XLS] 2.4.117: FilePass
        ole.write_stream(name, bytes(stream))
    return buffer.getvalue()


def long_file() -> bytes:
    """An RTF file over which LibreOffice works for some ten seconds."""
    return b"{\\rtf1\\ansi " + b"\\trowd\\cellx900\\cellx1800 a\\cell b\\cell\\row " * 30_000 + b"}"


if __name__ == "__main__":
    save_again()
