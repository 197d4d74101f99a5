"""Tests of qa.answering.forms."""
