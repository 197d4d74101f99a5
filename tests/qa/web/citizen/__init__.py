"""Tests of the pages that citizens see."""
