"""Tests of qa.answering."""
