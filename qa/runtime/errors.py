"""What is refused to members of staff; each message is a sentence in Chinese that says what to do.

StaffRefused
├── NotAllowed     the role is too low
├── Overtaken      someone else was quicker
├── ReasonMissing  the action needs a reason
├── Missing        there is no such row
└── Unfit          something filled in cannot be kept
"""


class StaffRefused(Exception):
    """What a member of staff asked for is not done; the message is a sentence in Chinese: why not, and what to do."""


class NotAllowed(StaffRefused):
    """The role is too low."""


class Overtaken(StaffRefused):
    """Someone else changed it since it was looked at."""


class ReasonMissing(StaffRefused):
    """What is to be done needs a reason, which goes into the audit log."""


class Missing(StaffRefused):
    """There is no such row."""


class Unfit(StaffRefused):
    """Something that was filled in cannot be kept as it is."""
