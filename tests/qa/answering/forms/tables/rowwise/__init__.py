"""Tests of qa.answering.forms.tables.rowwise."""
