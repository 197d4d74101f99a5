"""Tests of qa.runtime."""
