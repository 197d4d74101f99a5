"""Tests of `qa.answering.forms.conclusions`."""
