"""Replies as HTML: the one place where text of visitors and documents becomes markup.

Gradio's Markdown component puts the result on the page. It reads its value as Markdown, so `escape` leaves no
character standing that HTML or Markdown could take for its own, and every piece of HTML is a single line, which
Markdown passes through whole. Its sanitiser keeps classes, ids and `lang`, and drops `data-` and `aria-`: the words
of the page carry their key as a class, for the browser to put another language in their place.
"""

import re
import string
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from urllib.parse import urlencode

from qa.answering.replies import ABSTAINED, ABSTAINED_ENGLISH
from qa.answering.reply import REVIEWED, WRITTEN, Abstention, Answer, Citation, Reason, Reply, Sentence
from qa.web.translations import ENGLISH, WORDS, word, words

# A line end would end the block of HTML, and Gradio turns tabs into spaces. The other control characters show nothing.
_ESCAPES = {code: "\ufffd" for code in (*range(0x20), 0x7F)}
_ESCAPES |= {ord(character): f"&#{ord(character)};" for character in string.punctuation + "\t\n\r"}


# Characters up to which a quotation without a shorter answer is shown in bold.
BRIEF = 60

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


def header() -> str:
    """The top of the page; the date of the documents comes in later, as it changes."""
    about = label("tagline", "p", "tagline") + label("promise", "p", "promise")
    return f'<div class="masthead">{label("title", "h1")}{about}</div>'


def exchange(reply: Reply, *, reply_id: str = "", built_at: datetime | None = None, contact: str = "") -> str:
    """A question with its reply. `reply_id` names it to the browser, `built_at` is the date of its documents."""
    match reply:
        case Answer():
            shown = _answer(reply, built_at)
        case Abstention():
            shown = _abstention(reply, contact)
    return _exchange(reply.question, shown, reply_id)


def withheld(question: str) -> str:
    """A question whose reply is not shown any more."""
    return _exchange(question, "", "")


def turned_away(question: str, key: str, detail: str = "") -> str:
    """A question that got no reply, and why: a word of the page, and what goes with it."""
    more = f'<p class="text detail">{escape(detail)}</p>' if detail else ""
    heading = "" if key == "paused" else label("unavailable", "h3")
    why = label(key, "h3" if key == "paused" else "p")
    return _exchange(question, f'<div class="reply abstained unavailable">{heading}{why}{more}</div>', "")


def plain(reply: Reply) -> str:
    """The reply as text, its quotations numbered and followed by where they stand: for copying and reading aloud."""
    if isinstance(reply, Abstention):
        return reply.text
    numbers = _numbers(reply.citations)
    lines = [f"{word('made_reviewed')}\n{reply.text}"] if reply.made_by == REVIEWED else []
    lines += list(filter(None, [reply.form.line or reply.short]))
    if reply.sentences:
        lines = [word("ai_made") + "："]
        lines += [part.text + "".join(f"[{n}]" for n in _cited(reply, part, numbers)) for part in reply.sentences]
    lines += [f"“{citation.text.strip()}”[{numbers[citation.document]}]" for citation in reply.citations]
    if reply.missing:
        lines.append(word("missing") + reply.missing)
    for document, number in numbers.items():
        first = next(citation for citation in reply.citations if citation.document == document)
        lines.append(f"[{number}] 《{first.title}》{' › '.join(_path(first))}")
    return "\n".join(lines)


def sentence(answer: Answer, part: Sentence) -> str:
    """A written sentence, with a link to each of the places that it follows from."""
    numbers = _numbers(answer.citations)
    links = "".join(
        f'<a class="ref" href="{escape(source_address(answer.snapshot, [answer.citations[place]]))}">'
        f"{numbers[answer.citations[place].document]}</a>"
        for place in part.citations
    )
    return f'<p class="text written">{escape(part.text)}{links}</p>'


def _cited(answer: Answer, part: Sentence, numbers: dict[str, int]) -> list[int]:
    return list(dict.fromkeys(numbers[answer.citations[place].document] for place in part.citations))


def source_address(snapshot: str, citations: Sequence[Citation]) -> str:
    """Where the document of these citations is shown with all of them marked, the first in view."""
    spans = [("at", f"{citation.start}-{citation.end}") for citation in citations]
    return f"/source?{urlencode([('snapshot', snapshot), ('document', citations[0].document), *spans])}#m1"


def _exchange(question: str, reply: str, reply_id: str) -> str:
    asked = f'<h2 class="asked">{label("asked", kind="label")}<span class="text">{escape(question)}</span></h2>'
    named = f' id="r-{escape(reply_id)}"' if reply_id else ""
    return f'<div class="exchange"{named}>{asked}{reply}</div>'


def _answer(answer: Answer, built_at: datetime | None) -> str:
    numbers = _numbers(answer.citations)
    parts = [_understood(answer)]
    kind = "quotes"
    if answer.made_by == WRITTEN:
        parts.append(_written(answer))
    elif line := answer.form.line or answer.short:
        parts.append(f'<p class="short text" lang="zh-CN">{escape(line)}</p>')
    elif answer.made_by == REVIEWED:
        parts.append(f'<p class="reviewed text" lang="zh-CN">{escape(answer.text)}</p>')
    elif not _is_quoted(answer.text, answer.citations):
        parts.append(f'<p class="short text">{escape(answer.text)}</p>')
    else:
        # The quotation is the answer, and as loud as its length allows.
        kind += " only brief" if len(answer.text) <= BRIEF else " only"
    quotes = "".join(
        f'<blockquote class="text" lang="zh-CN">{_highlighted(citation)}'
        f'<a class="ref" href="{escape(source_address(answer.snapshot, [citation]))}">'
        f"{numbers[citation.document]}</a></blockquote>"
        for citation in answer.citations
    )
    parts.append(f'<div class="{kind}">{quotes}</div>')
    if answer.missing:
        parts.append(f'<p class="missing">{label("missing")}<span class="text">{escape(answer.missing)}</span></p>')
    parts.append(label("sources", "h3"))
    chips = (
        _chip(answer.snapshot, [c for c in answer.citations if c.document == document], number)
        for document, number in numbers.items()
    )
    parts.append(f'<ol class="sources">{"".join(chips)}</ol>')
    date = f"{label('as_of')} {moment(built_at)}" if built_at else ""
    parts.append(f'<p class="made">{label(_made(answer))}<span class="date">{date}</span></p>')
    return f'<div class="reply answered">{"".join(parts)}</div>'


def _made(answer: Answer) -> str:
    """The word that says how an answer was made."""
    return {REVIEWED: "made_reviewed", WRITTEN: "ai_made"}.get(answer.made_by, "made")


def _written(answer: Answer) -> str:
    """What a language model wrote, called so, and how much of it was left out."""
    written = "".join(sentence(answer, part) for part in answer.sentences)
    count = f'<p class="hint">{label("ai_left_out")}{len(answer.left_out)}</p>' if answer.left_out else ""
    return f'<section class="ai">{label("ai", "p", "ai-label")}{written}{count}</section>'


def _abstention(abstention: Abstention, contact: str) -> str:
    heading = (
        "rejected" if abstention.rejected else "greeting" if abstention.reason is Reason.SMALL_TALK else "no_answer"
    )
    line = abstention.form.line
    said = f'<p class="short text">{escape(line)}</p>' if line else ""
    parts = [label(heading, "h3"), _understood(abstention), said, _why(abstention)]
    if heading == "no_answer":
        parts.append(_contact([*abstention.contacts, *([contact] if contact else [])]))
    if abstention.nearest:
        cards = "".join(
            f'<li><details><summary class="source">{_origin(citation)}</summary>'
            f'<blockquote class="text" lang="zh-CN">{escape(citation.text.strip())}</blockquote>'
            f'<a class="chip" href="{escape(source_address(abstention.snapshot, [citation]))}">'
            f"{label('see_source')}</a></details></li>"
            for citation in abstention.nearest
        )
        parts.append(f'{label("nearest", "h3")}<ol class="nearest">{cards}</ol>')
    return f'<div class="reply abstained">{"".join(parts)}</div>'


def _why(abstention: Abstention) -> str:
    """The fixed words of the reason in the page's language, or in that of a question in English; others as they are."""
    if abstention.text == ABSTAINED.get(abstention.reason):
        return label(f"reason_{abstention.reason}", "p")
    language = ' lang="en"' if abstention.text == ABSTAINED_ENGLISH.get(abstention.reason) else ""
    return f'<p class="text"{language}>{escape(abstention.text)}</p>'


def _contact(offices: Sequence[str]) -> str:
    """Where to ask instead: the offices that documents and settings name, or that there are some."""
    if not offices:
        return label("contact_any", "p", "contact")
    names = "；".join(f'<span class="text">{escape(office)}</span>' for office in dict.fromkeys(offices))
    return f'<p class="contact">{label("contact")}{names}</p>'


def _understood(reply: Reply) -> str:
    if reply.standalone_question == reply.question:
        return ""
    return (
        f'<p class="understood">{label("understood")}<span class="text">{escape(reply.standalone_question)}</span></p>'
    )


def _numbers(citations: Iterable[Citation]) -> dict[str, int]:
    """A number for each document cited, in the order of the citations."""
    documents = dict.fromkeys(citation.document for citation in citations)
    return {document: number for number, document in enumerate(documents, start=1)}


def _chip(snapshot: str, citations: Sequence[Citation], number: int) -> str:
    address = escape(source_address(snapshot, citations))
    return f'<li><a class="chip source" href="{address}"><b>{number}</b><span>{_origin(citations[0])}</span></a></li>'


def _origin(citation: Citation) -> str:
    places = "".join(f'<span class="heading text">{escape(place)}</span>' for place in _path(citation))
    title = f'<cite class="text">{escape(citation.title)}</cite>'
    return f'<span class="origin" lang="zh-CN">{title}{places}</span>{_note(citation)}'


def _path(citation: Citation) -> list[str]:
    """The headings above the words and the page they stand on."""
    return [place for place in (*citation.headings, citation.place) if place and place != citation.title]


def _note(citation: Citation) -> str:
    """That a document is not in force."""
    words = f'<span class="text" lang="zh-CN">{escape(citation.note)}</span>'
    return f'<strong class="note">{label("out_of_force")}{words}</strong>' if citation.note else ""


def _highlighted(citation: Citation) -> str:
    """The words of the citation, its marked ranges highlighted; ranges that overlap are joined."""
    parts, position = [], 0
    text = citation.text.rstrip()
    for start, end in sorted(citation.marks):
        start, end = max(start, position), min(end, len(text))
        if start < end:
            parts += [escape(text[position:start]), f"<mark>{escape(text[start:end])}</mark>"]
            position = end
    return "".join(parts) + escape(text[position:])


def moment(time: datetime) -> str:
    """A date as the browser can read it, and as Chinese readers do."""
    return f'<time datetime="{time.date().isoformat()}">{time.year}年{time.month}月{time.day}日</time>'


def _is_quoted(text: str, citations: Iterable[Citation]) -> bool:
    """Whether the quotations show these words anyway."""
    return _squeezed(text).rstrip("…") in _squeezed("".join(citation.text for citation in citations))


def _squeezed(text: str) -> str:
    return "".join(text.split())
