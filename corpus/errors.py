"""Why a file is not read.

`FileProblem` is the root. `Quarantined`: the file may be dangerous, or its text cannot be quoted; staff must look at
it. `Failed`: it cannot be read. Either may happen for lack of memory, of a library or of time: every refresh tries
such a file again.
"""


class FileProblem(Exception):
    """A file is not read. The message is one sentence in Chinese for staff: what is wrong, and what to do.

    `again` says that the next refresh tries it again, even with the same bytes.
    """

    def __init__(self, message: str, *, again: bool = False) -> None:
        super().__init__(message)
        self.again = again


class Quarantined(FileProblem):
    """A file is put aside until staff have looked at it."""


class Failed(FileProblem):
    """A file is damaged, has no supported type, or took too long."""
