"""Tests of qa, one folder for each of its rooms."""
