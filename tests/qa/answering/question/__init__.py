"""Tests of qa.answering.question."""
