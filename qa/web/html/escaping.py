"""Text made markup: the one place where text of visitors and documents is escaped.

Gradio's Markdown component puts the result on the page. It reads its value as Markdown, so `escape` leaves no
character standing that HTML or Markdown could take for its own, and every piece of HTML is a single line, which
Markdown passes through whole. Its sanitiser keeps classes, ids and `lang`, and drops `data-` and `aria-`: the words
of the page carry their key as a class, for the browser to put another language in their place.
"""

import re
import string
from datetime import date
from typing import Any, Self

from markupsafe import Markup

from corpus.metadata.dates import in_words
from qa.web.translations import ENGLISH, WORDS, words

# A line end would end the block of HTML, and Gradio turns tabs into spaces. The other control characters show nothing.
_ESCAPES = {code: "\ufffd" for code in (*range(0x20), 0x7F)}
_ESCAPES |= {ord(character): f"&#{ord(character)};" for character in string.punctuation + "\t\n\r"}

# As `label` and `moment` write them; no text of others can, for it is escaped.
_WORD = re.compile(r'(<\w+ class="w w-(\w+)[^"]*">)[^<]*')
_TIME = re.compile(r'(<time datetime="([\d-]+)">)[^<]*')


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
    """Return markup that shows exactly this text; control characters but line ends and tabs as U+FFFD."""
    return Html.escape(text)


def label(key: str, tag: str = "span", kind: str = "") -> Html:
    """Return a word of the page, in an element that tells the browser which word it is."""
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


def moment(day: date) -> Html:
    """Return a date as the browser can read it, and as Chinese readers do."""
    return Html('<time datetime="{}">{}</time>').format(Html(day.isoformat()), in_words(day))  # noqa: S704
