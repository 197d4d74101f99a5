"""The page 更多 and those it leads to: a trial of a question, the log of what staff did, backups."""
