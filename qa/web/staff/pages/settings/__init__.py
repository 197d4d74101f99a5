"""The page 设置: what changes while the service runs, each with its effect, and the accounts of staff."""
