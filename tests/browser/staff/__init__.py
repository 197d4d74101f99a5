"""Members of staff in Chromium."""
