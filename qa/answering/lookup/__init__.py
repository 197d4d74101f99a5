"""Looks a question up in a snapshot: the search, the reading, and why a reading is not shown."""
