"""Stands in for the recognition of characters where it is not to end: busy in native code, deaf to Python's signals."""

import ctypes
import hashlib
import os
from pathlib import Path


class RapidOCR:
    """Never gives control back to Python: sleeps where a pipe is named, which says that it has begun, else computes."""

    def __init__(self, **settings: object) -> None:
        pass

    def __call__(self, pixels: object) -> None:
        if "BUSY" not in os.environ:
            hashlib.pbkdf2_hmac("sha256", b"", b"", 2_000_000_000)
        with Path(os.environ["BUSY"]).open("rb"):  # read: conversion may not write
            ctypes.PyDLL(None).sleep(600)
