"""Stands in for the recognition of characters where it is not to end: busy in native code, deaf to Python's signals."""

import ctypes
import hashlib
import sys
from pathlib import Path


class RapidOCR:
    """Never gives control back to Python.

    It sleeps where a pipe `busy` lies in the path of modules, which says that it has begun; else it computes.
    """

    def __init__(self, **settings: object) -> None:
        pass

    def __call__(self, pixels: object, **steps: object) -> None:
        busy = [path for folder in sys.path if (path := Path(folder) / "busy").is_fifo()]
        if not busy:
            hashlib.pbkdf2_hmac("sha256", b"", b"", 2_000_000_000)
        with busy[0].open("rb"):  # read: conversion may not write
            ctypes.PyDLL(None).sleep(600)
