"""Tests of qa.training."""
