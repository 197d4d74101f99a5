"""Removes networks that were converted from earlier weights, each of which takes up to 500 MB."""

import logging
import re
import shutil
import time
from pathlib import Path

from index.embedding import bundled_model, openvino
from index.embedding.weight_file import WeightsError
from qa.answering.reader.opening import network_paths

logger = logging.getLogger(__name__)

KEPT_SECONDS = 24 * 3600.0
# Names of ours only, each with the hash of what it was made from; and what an earlier removal left behind.
_OURS = re.compile(
    r"(?:(?:embedder|extractive|reader\d*|verifier)-(?:[0-9a-f]{12}-)*)?"
    rf"{re.escape(bundled_model.NAME)}-[0-9a-f]{{12}}-\d+(?:-[0-9a-f]{{12}})?|\.removed-[\w-]+"
)


def remove_old_models(home: Path) -> list[str]:
    """Remove below `home` what no weights of this program made and nothing wrote for a day; return the names.

    Called at the start of a server that is the only one: another may still use what it made. A program of earlier
    weights makes its networks again. What cannot be removed is logged and stays.
    """
    folder = home / "models"
    try:
        used = {bundled_model.FOLDER, openvino.network_path(home).parent.name}
        used |= {path.parent.name for path in network_paths(home, bundled_model.FOLDER)}
    except (WeightsError, OSError):  # reported when the models are opened
        return []
    removed = []
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if path.name in used or not _OURS.fullmatch(path.name) or path.is_symlink() or not _is_old(path):
            continue
        try:
            # Aside first: a folder of the encoder counts as whole as soon as there is one.
            aside = path if path.name.startswith(".") else path.rename(folder / f".removed-{path.name}")
            shutil.rmtree(aside)
        except OSError as error:
            logger.warning("Cannot remove the old model %s: %s", path.name, error.strerror)
            continue
        logger.info("Removed %s, which was made from earlier weights", path.name)
        removed.append(path.name)
    return removed


def _is_old(folder: Path) -> bool:
    newest = max(path.stat().st_mtime for path in (folder, *folder.rglob("*")))
    return time.time() - newest > KEPT_SECONDS
