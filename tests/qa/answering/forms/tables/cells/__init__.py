"""Tests of qa.answering.forms.tables.cells."""
