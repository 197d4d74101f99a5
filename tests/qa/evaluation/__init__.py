"""Tests of qa.evaluation."""
