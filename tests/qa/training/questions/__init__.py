"""Questions written for documents: their files, and what is read for them."""
