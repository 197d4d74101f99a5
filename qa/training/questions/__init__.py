"""Questions that people wrote for documents: read, drawn from, and put to the reader."""
