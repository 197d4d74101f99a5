"""Tests of qa.answering.reader."""
