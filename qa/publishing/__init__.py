"""Refresh: plan, build, judge, publish, report; and serving what is published."""
