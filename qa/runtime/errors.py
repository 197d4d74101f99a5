"""Refusals to members of staff; each message is a sentence in Chinese that says what to do.

StaffRefused
├── NotAllowed     the role is too low
├── Overtaken      somebody else was quicker
├── ReasonMissing  the action needs a reason
├── Missing        the row does not exist
└── Unfit          a field cannot hold its value
"""


class StaffRefused(Exception):
    """A member's request was not done; the message is a sentence in Chinese: why not, and what to do."""


class NotAllowed(StaffRefused):
    """The role is too low."""


class Overtaken(StaffRefused):
    """Somebody else changed it since the member looked at it."""


class ReasonMissing(StaffRefused):
    """The action needs a reason, which is written into the audit log."""


class Missing(StaffRefused):
    """The row does not exist."""


class Unfit(StaffRefused):
    """A field cannot hold the value filled in."""


class DatabaseError(Exception):
    """The database refused or failed, or cannot be reached; the message is the engine's, without values of a row."""


class DatabaseUnstorable(DatabaseError):
    """The database can never hold what it was given: a value is malformed, too long, or against a rule of its table."""


class DatabaseUnreachable(DatabaseError):
    """The database cannot be reached just now, or is busy: the same may succeed later."""


class DatabaseBusy(DatabaseUnreachable):
    """Somebody else held what was wanted for too long."""
