"""Help by people: cards with buttons that dial, and whom to ask instead."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from qa.answering.screening.cards import HELPS
from qa.web.html.escaping import NOTHING, Html, label
from qa.web.translations import WORDS

# Numbers of the state and of services, 400 numbers, mobile phones, landlines with or without area code.
_NUMBER = re.compile(
    r"(?<![\d.-])(?:110|119|120|122|12[0-9]{3}|9[56]\d{3}|[48]00-?\d{3}-?\d{4}|1[3-9]\d{9}|0\d{2,3}-?\d{7,8}|[3-8]\d{6,7})(?![\d.-])"
)
GENERAL = "12345"


@dataclass(frozen=True, slots=True)
class Ways:
    """The offers beside a reply: the office to ask, cards in the words of staff, questions to tap.

    With `forms`, documents to choose from are forms, for pages without a script.
    """

    contact: str = ""
    cards: Mapping[str, str] = field(default_factory=dict)
    further: Sequence[str] = ()
    forms: bool = False


NO_WAYS = Ways()


def card_html(card: str, edited: Mapping[str, str]) -> Html:
    """Return the card of a reply to a person in need; staff's words precede ours. Empty for any other reply."""
    if card not in HELPS:
        return NOTHING
    return Html('<section class="help">{}{}</section>').format(label("help", "h3"), card_text(card, edited))


def card_text(card: str, edited: Mapping[str, str]) -> Html:
    """Return the text of a card, and a button for each number in it."""
    text = edited.get(card, "")
    told = Html('<p class="text" lang="zh-CN">{}</p>').format(text) if text else label(f"card_{card}", "p")
    return told + dials(text or WORDS[f"card_{card}"][0])


def dials(*texts: str) -> Html:
    """Return buttons that dial the numbers in the texts, each once."""
    found = dict.fromkeys(number for text in texts for number in _NUMBER.findall(text))
    links = NOTHING.join(Html("<li>{}</li>").format(_dial(number)) for number in found)
    return Html('<ul class="dials">{}</ul>').format(links) if links else NOTHING


def _dial(number: str) -> Html:
    name = label(f"dial_{number}") if f"dial_{number}" in WORDS else NOTHING
    return Html('<a class="dial" href="tel:{}"><b>{}</b>{}</a>').format(number.replace("-", ""), number, name)


def _unbroken(text: str) -> Html:
    """Return a text whose numbers no line breaks in two."""
    shown, end = NOTHING, 0
    for found in _NUMBER.finditer(text):
        shown += text[end : found.start()] + Html('<span class="number">{}</span>').format(found[0])
        end = found.end()
    return shown + text[end:]


def people(offices: Sequence[str]) -> Html:
    """Return whom to ask: the offices named by documents and settings, and the government's general number."""
    offices = list(dict.fromkeys(offices))
    named = NOTHING.join(Html('<p class="text" lang="zh-CN">{}</p>').format(_unbroken(office)) for office in offices)
    parts = (label("contact", "h3"), named, dials(*offices, GENERAL))
    return Html('<section class="contact">{}{}{}</section>').format(*parts)
