"""Answers from the structure of a document instead of its words: articles by number, lists by headings."""
