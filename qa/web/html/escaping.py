"""Text made markup: the one place where text of visitors and documents is escaped.

Gradio's Markdown component puts the result on the page. It reads its value as Markdown, so `escape` leaves no
character standing that HTML or Markdown could take for its own, and every piece of HTML is a single line, which
Markdown passes through whole. Its sanitiser keeps classes, ids and `lang`, and drops `data-` and `aria-`: the words
of the page carry their key as a class, for the browser to put another language in their place.
"""

import re
import string
from datetime import date

from corpus.metadata.dates import in_words
from qa.web.translations import ENGLISH, WORDS, words

# A line end would end the block of HTML, and Gradio turns tabs into spaces. The other control characters show nothing.
_ESCAPES = {code: "\ufffd" for code in (*range(0x20), 0x7F)}
_ESCAPES |= {ord(character): f"&#{ord(character)};" for character in string.punctuation + "\t\n\r"}

# As `label` and `moment` write them; no text of others can, for it is escaped.
_WORD = re.compile(r'(<\w+ class="w w-(\w+)[^"]*">)[^<]*')
_TIME = re.compile(r'(<time datetime="([\d-]+)">)[^<]*')


def escape(text: str) -> str:
    """Markup that shows exactly this text, whatever it holds; control characters but line ends and tabs as U+FFFD."""
    return text.translate(_ESCAPES)


def label(key: str, tag: str = "span", kind: str = "") -> str:
    """A word of the page, in an element that tells the browser which word it is."""
    classes = f"w w-{key} {kind}".strip()
    return f'<{tag} class="{classes}">{escape(WORDS[key][0])}</{tag}>'


def in_language(markup: str, language: str) -> str:
    """Markup made here with the page's words and dates in another language, as the browser does on the chat page."""
    named = words(language)
    markup = _WORD.sub(lambda match: match[1] + escape(named[match[2]]), markup)
    if language != ENGLISH:
        return markup
    return _TIME.sub(lambda match: match[1] + f"{date.fromisoformat(match[2]):%-d %B %Y}", markup)


def moment(day: date) -> str:
    """A date as the browser can read it, and as Chinese readers do."""
    return f'<time datetime="{day.isoformat()}">{in_words(day)}</time>'
