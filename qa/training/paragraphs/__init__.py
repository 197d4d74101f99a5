"""Training examples from paragraphs in SQuAD form, and what makes their questions unanswerable."""
