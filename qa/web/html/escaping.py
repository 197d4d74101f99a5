"""Turns text into markup: the one place where text of visitors and documents is escaped.

Gradio's Markdown component puts the result on the page. It parses its value as Markdown, so `escape` replaces every
character that HTML or Markdown could interpret. Every piece of HTML is a single line, which Markdown passes through
whole. Its sanitiser keeps classes, ids and `lang`, but drops `data-` and `aria-`. The words of the page therefore
carry their key as a class, so that the browser can put another language in their place.
"""

import re
import string
from datetime import date
from typing import Any, Self

from markupsafe import Markup

from corpus.validity import in_words
from qa.web.translations import ENGLISH, WORDS, words

# A line end would end the block of HTML, and Gradio turns tabs into spaces. Other control characters show nothing.
_ESCAPES = {code: "\ufffd" for code in (*range(0x20), 0x7F)}
_ESCAPES |= {ord(character): f"&#{ord(character)};" for character in string.punctuation + "\t\n\r"}

# Elements as `label` and `moment` write them. Foreign text cannot contain them, because it is escaped.
_WORD = re.compile(r'(<\w+ class="w w-(\w+)[^"]*">)[^<]*')
_TIME = re.compile(r'(<time datetime="([\d-]+)">)[^<]*')
_CHANGING = re.compile(r'(<\w+ class=")w (w-)|<time (datetime=)')


class Html(Markup):
    """Markup, a type of its own: plain text that is formatted into it, added to it or joined by it is escaped.

    It is made of literals only, which ruff checks (S704); an f-string of it is plain text, which mypy sees.
    """

    __slots__ = ()

    @classmethod
    def escape(cls, s: Any, /) -> Self:
        """Return markup as it is, and of anything else markup that shows exactly its text."""
        if isinstance(s, cls):
            return s
        return cls(s.__html__() if hasattr(s, "__html__") else str(s).translate(_ESCAPES))


NOTHING = Html("")


def escape(text: str) -> Html:
    """Return markup that shows exactly this text; control characters other than line ends and tabs as U+FFFD."""
    return Html.escape(text)


def label(key: str, tag: str = "span", kind: str = "") -> Html:
    """Return a word of the page, in an element that names the word for the browser."""
    # The names of elements and classes are ours, and escaped they would be others.
    start = Html(f'<{tag} class="{f"w w-{key} {kind}".strip()}">')  # noqa: S704
    return start + WORDS[key][0] + Html(f"</{tag}>")  # noqa: S704


def in_language(markup: Html, language: str) -> Html:
    """Return markup with the words and dates of the page in another language, as the browser does on the chat page."""
    named = words(language)
    shown = _WORD.sub(lambda match: f"{match[1]}{escape(named[match[2]])}", markup)
    if language == ENGLISH:
        shown = _TIME.sub(lambda match: f"{match[1]}{date.fromisoformat(match[2]):%-d %B %Y}", shown)
    return Html(shown)  # noqa: S704  what is put in is escaped


def settled(markup: Html) -> Html:
    """Return markup whose words and dates stay as they are, whatever the language of the page around it."""
    kept = _CHANGING.sub(
        lambda match: f"{match[1]}{match[2]}" if match[1] else f'<time class="said" {match[3]}', markup
    )
    return Html(kept)  # noqa: S704  only names of our own classes changed


def moment(day: date) -> Html:
    """Return a date that the browser can read, in the form used in Chinese."""
    return Html('<time datetime="{}">{}</time>').format(Html(day.isoformat()), in_words(day))  # noqa: S704
