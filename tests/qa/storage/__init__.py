"""Tests of qa.storage."""
