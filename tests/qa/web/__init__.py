"""Tests of qa.web."""
