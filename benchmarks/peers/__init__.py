"""Other programs for searching documents beside ours: the same encoder, documents and questions, in one run."""
