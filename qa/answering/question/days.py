"""Reads the days of the year that a text names: 8月12日."""

import re

_DAY = re.compile(r"(\d{1,2})月(\d{1,2})[日号]")


def days(text: str) -> set[tuple[int, int]]:
    """Return the days that a normalised text names, each as month and day."""
    return {(int(month), int(day)) for month, day in _DAY.findall(text)}


def day_alone(text: str) -> tuple[int, int] | None:
    """Return the day that a normalised text names and nothing else; None for any other text."""
    return days(text).pop() if _DAY.fullmatch(text) else None
