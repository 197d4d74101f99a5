"""Tests of qa.cli."""
