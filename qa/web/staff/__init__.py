"""The staff area at `/staff`: pages over `qa.staff.console` for signed-in members of staff."""
