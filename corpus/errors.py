"""Why a file is not read.

`FileProblem` is the root. `Quarantined`: it could be dangerous, or what it gives cannot be quoted; staff have to look
at it. `Failed`: it cannot be read. Either may be for want of memory, of a library or of time: such a file may be read
the next time, so every refresh tries it again.
"""


class FileProblem(Exception):
    """A file is not read; the message is one sentence in Chinese for staff: what is wrong, and what to do.

    `again` is whether the next refresh tries it once more, though its bytes are the same.
    """

    def __init__(self, message: str, *, again: bool = False) -> None:
        super().__init__(message)
        self.again = again


class Quarantined(FileProblem):
    """A file is put aside until staff have looked at it."""


class Failed(FileProblem):
    """A file is damaged, of no supported type, or took too long."""
