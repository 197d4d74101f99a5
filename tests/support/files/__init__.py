"""Files and texts made for tests."""
