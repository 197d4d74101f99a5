"""Tests of qa.answering.reader.verifier."""
