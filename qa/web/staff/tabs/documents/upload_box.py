"""Uploads on their way in: Gradio's upload box with unchanged file names, and its folder kept empty."""

import asyncio
import logging
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gradio as gr

logger = logging.getLogger(__name__)

# Seconds. Files of a running upload are younger, and files handed over are deleted by their taker.
ORPHANED_AFTER = 120.0
SWEEP_EVERY = 30.0


@dataclass(frozen=True, slots=True)
class Uploaded:
    """A file that came in: its name as its sender wrote it, and the path where it lies."""

    name: str
    path: str


def upload_box(**options: Any) -> gr.File:
    """Return Gradio's box for several files, but with their whole names: Gradio would drop 《》.

    It is not a class, because Gradio writes a file beside the module for each class.
    """
    box = gr.File(file_count="multiple", **options)
    box.preprocess = _uploaded  # type: ignore[method-assign, assignment]
    return box


def _uploaded(payload: Any) -> list[Uploaded]:
    files = [] if payload is None else getattr(payload, "root", [payload])
    return [Uploaded(file.orig_name or Path(file.path).name, file.path) for file in files]


def sweep(folder: Path, *, older_than: float = 0.0) -> int:
    """Delete files below `folder` untouched for `older_than` seconds, and empty folders; return the number of files."""
    before, gone = time.time() - older_than, 0
    for path in _from_below(folder):
        try:
            if path.is_dir() and not path.is_symlink():
                if path.stat().st_mtime <= before:
                    path.rmdir()
            elif path.lstat().st_mtime <= before:
                path.unlink()
                gone += 1
        except OSError:
            continue  # in use again, not empty, or already gone
    return gone


async def keep_sweeping(folder: Path) -> None:
    """Delete files left behind, again and again: Gradio forgets uploads that broke off."""
    while True:
        gone = await asyncio.to_thread(sweep, folder, older_than=ORPHANED_AFTER)
        if gone:
            logger.info("%s files left by broken uploads are deleted", gone)
        await asyncio.sleep(SWEEP_EVERY)


def _from_below(folder: Path) -> Iterable[Path]:
    return sorted(folder.rglob("*"), key=lambda path: len(path.parts), reverse=True)
