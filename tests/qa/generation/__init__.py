"""Tests of qa.generation."""
