"""Measurements that decide; none of them runs in the tests."""
