"""Finds personal numbers and addresses in what citizens type, however they are written.

Matching runs on a normalised copy, so that digits in circles or full width, invisible characters and unusual dashes
hide nothing. The mask covers the original characters. The work is linear in the length of the text.
Not recognised: names, home addresses and other facts in free words.
"""

from qa.answering.personal_data.finding import PersonalData, find, mask, request_to_remove

__all__ = ["PersonalData", "find", "mask", "request_to_remove"]
