"""Tests of qa.answering.forms.lists."""
