"""Why a file is not read.

`FileProblem` is the root. `Quarantined`: it could be dangerous, or what it gives cannot be quoted; staff have to look
at it. `Failed`: it cannot be read.
"""


class FileProblem(Exception):
    """A file is not read; the message is one sentence in Chinese for staff: what is wrong, and what to do."""


class Quarantined(FileProblem):
    """A file is put aside until staff have looked at it."""


class Failed(FileProblem):
    """A file is damaged, of no supported type, or took too long."""
