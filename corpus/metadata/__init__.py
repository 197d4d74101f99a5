"""Metadata of a document: side files, dates, validity."""
