"""Tests of qa.service."""
