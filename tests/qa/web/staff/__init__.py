"""Tests of qa.web.staff."""
