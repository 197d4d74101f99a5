"""The secret of this installation: a file of its own; each use has a key derived from it."""

import hashlib
import hmac
import os
import secrets
from pathlib import Path

from qa.runtime.settings import GUIDE, SettingsError

LEAST_BYTES = 32


def read(path: Path) -> bytes:
    """Return the secret in the file that QA_KEY_FILE names. Raises `SettingsError`."""
    try:
        secret = path.read_bytes().strip()
    except OSError as error:
        raise SettingsError(f"QA_KEY_FILE: {path} cannot be read ({error.strerror}); see {GUIDE}") from error
    if len(secret) < LEAST_BYTES:
        raise SettingsError(f"QA_KEY_FILE: {path} holds less than {LEAST_BYTES} bytes; see {GUIDE}")
    return secret


def made(path: Path) -> bytes:
    """Return the secret in the file at `path`, which is created for its owner only if missing."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_bytes().strip()
    with os.fdopen(descriptor, "wb") as file:
        file.write(secrets.token_hex(LEAST_BYTES).encode() + b"\n")
        file.flush()
        os.fsync(descriptor)
    return path.read_bytes().strip()


def derived(secret: bytes, use: str) -> bytes:
    """Return the key for one use; it reveals nothing about the keys for others."""
    return hmac.new(secret, use.encode(), hashlib.sha256).digest()
