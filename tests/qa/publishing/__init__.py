"""Tests of qa.publishing."""
