"""Tests of what several servers share by one PostgreSQL."""
