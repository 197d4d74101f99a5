"""Turns text into markup: the one place where text of visitors and documents is escaped.

Gradio's Markdown component puts the result on the page. It parses its value as Markdown, so `escape` replaces every
character that HTML or Markdown could interpret. Every piece of HTML is a single line, which Markdown passes through
whole. Its sanitiser keeps classes, ids and `lang`, but drops `data-` and `aria-`. The words of the page therefore
carry their key as a class, so that the browser can put another language in their place.
"""

import re
import string
from datetime import date

from corpus.metadata.dates import in_words
from qa.web.translations import ENGLISH, WORDS, words

# A line end would end the block of HTML, and Gradio turns tabs into spaces. Other control characters show nothing.
_ESCAPES = {code: "\ufffd" for code in (*range(0x20), 0x7F)}
_ESCAPES |= {ord(character): f"&#{ord(character)};" for character in string.punctuation + "\t\n\r"}

# Elements as `label` and `moment` write them. Foreign text cannot contain them, because it is escaped.
_WORD = re.compile(r'(<\w+ class="w w-(\w+)[^"]*">)[^<]*')
_TIME = re.compile(r'(<time datetime="([\d-]+)">)[^<]*')


def escape(text: str) -> str:
    """Return markup that shows exactly this text; control characters other than line ends and tabs become U+FFFD."""
    return text.translate(_ESCAPES)


def label(key: str, tag: str = "span", kind: str = "") -> str:
    """Return a word of the page, in an element that names the word for the browser."""
    classes = f"w w-{key} {kind}".strip()
    return f'<{tag} class="{classes}">{escape(WORDS[key][0])}</{tag}>'


def in_language(markup: str, language: str) -> str:
    """Return markup of this room with the page's words and dates in another language, as the browser does it."""
    named = words(language)
    markup = _WORD.sub(lambda match: match[1] + escape(named[match[2]]), markup)
    if language != ENGLISH:
        return markup
    return _TIME.sub(lambda match: match[1] + f"{date.fromisoformat(match[2]):%-d %B %Y}", markup)


def moment(day: date) -> str:
    """Return a date that the browser can read, in the form used in Chinese."""
    return f'<time datetime="{day.isoformat()}">{in_words(day)}</time>'
