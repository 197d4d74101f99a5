"""Tests of qa.bootstrap."""
