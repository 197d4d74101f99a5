"""Help by people: cards with buttons that dial, and whom to ask instead."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from qa.answering.screening.cards import HELPS
from qa.web.html.escaping import escape, label
from qa.web.translations import WORDS

# Numbers of the state and of services, 400 numbers, mobile phones, landlines with or without area code.
_NUMBER = re.compile(
    r"(?<![\d.-])(?:110|119|120|122|12[0-9]{3}|9[56]\d{3}|[48]00-?\d{3}-?\d{4}|1[3-9]\d{9}|0\d{2,3}-?\d{7,8}|[3-8]\d{6,7})(?![\d.-])"
)
GENERAL = "12345"


@dataclass(frozen=True, slots=True)
class Ways:
    """What a page offers besides a reply: the office to ask, cards in the words of staff, questions to tap."""

    contact: str = ""
    cards: Mapping[str, str] = field(default_factory=dict)
    further: Sequence[str] = ()


NO_WAYS = Ways()


def card_html(card: str, edited: Mapping[str, str]) -> str:
    """Return the card of a reply to a person in need; staff's words precede ours. Empty for any other reply."""
    if card not in HELPS:
        return ""
    return f'<section class="help">{label("help", "h3")}{card_text(card, edited)}</section>'


def card_text(card: str, edited: Mapping[str, str]) -> str:
    """Return the text of a card, and a button for each number in it."""
    text = edited.get(card, "")
    told = f'<p class="text" lang="zh-CN">{escape(text)}</p>' if text else label(f"card_{card}", "p")
    return told + dials(text or WORDS[f"card_{card}"][0])


def dials(*texts: str) -> str:
    """Return buttons that dial the numbers in the texts, each once."""
    found = dict.fromkeys(number for text in texts for number in _NUMBER.findall(text))
    links = "".join(f"<li>{_dial(number)}</li>" for number in found)
    return f'<ul class="dials">{links}</ul>' if links else ""


def _dial(number: str) -> str:
    name = label(f"dial_{number}") if f"dial_{number}" in WORDS else ""
    return f'<a class="dial" href="tel:{number.replace("-", "")}"><b>{escape(number)}</b>{name}</a>'


def people(offices: Sequence[str]) -> str:
    """Return whom to ask: the offices named by documents and settings, and the government's general number."""
    offices = list(dict.fromkeys(offices))
    named = "".join(f'<p class="text" lang="zh-CN">{escape(office)}</p>' for office in offices)
    return f'<section class="contact">{label("contact", "h3")}{named}{dials(*offices, GENERAL)}</section>'
