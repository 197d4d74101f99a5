"""Replies as markup."""

from collections.abc import Iterable

from qa.answering.forms.base import Form
from qa.answering.forms.english import has_han
from qa.answering.reply import REVIEWED, WRITTEN, Abstention, Answer, Citation, Reply, Sentence
from qa.web.html.abstentions import abstention_html, understood
from qa.web.html.citations import chip, highlighted, numbered, path, source_address
from qa.web.html.escaping import escape, label
from qa.web.html.help import NO_WAYS, Ways, card_html
from qa.web.translations import word

# Characters up to which a quotation without a shorter answer is shown in bold.
BRIEF = 60


def header(further: str = "") -> str:
    """The top of the page, `further` its last line; the date of the documents comes in later, as it changes."""
    about = label("tagline", "p", "tagline") + label("promise", "p", "promise")
    return f'<div class="masthead">{label("title", "h1")}{about}{further}</div>'


def exchange(reply: Reply, *, reply_id: str = "", ways: Ways = NO_WAYS) -> str:
    """A question with its reply. `reply_id` names it to the browser, `ways` is what the page offers besides."""
    match reply:
        case Answer():
            shown = _answer(reply, ways)
        case Abstention():
            shown = abstention_html(reply, ways)
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
        return "\n".join(filter(None, [reply.form.line, reply.text]))
    numbers = numbered(reply.citations)
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
        lines.append(f"[{number}] 《{first.title}》{' › '.join(path(first))}")
    return "\n".join(lines)


def sentence(answer: Answer, part: Sentence) -> str:
    """A written sentence, with a link to each of the places that it follows from."""
    numbers = numbered(answer.citations)
    links = "".join(
        f'<a class="ref" href="{escape(source_address(answer.snapshot, [answer.citations[place]]))}">'
        f"{numbers[answer.citations[place].document]}</a>"
        for place in part.citations
    )
    return f'<p class="text written">{escape(part.text)}{links}</p>'


def _cited(answer: Answer, part: Sentence, numbers: dict[str, int]) -> list[int]:
    return list(dict.fromkeys(numbers[answer.citations[place].document] for place in part.citations))


def _exchange(question: str, reply: str, reply_id: str) -> str:
    asked = f'<h2 class="asked">{label("asked", kind="label")}<span class="text">{escape(question)}</span></h2>'
    named = f' id="r-{escape(reply_id)}"' if reply_id else ""
    return f'<div class="exchange"{named}>{asked}{reply}</div>'


def _answer(answer: Answer, ways: Ways) -> str:
    numbers = numbered(answer.citations)
    parts = [card_html(answer.card, ways.cards), understood(answer)]
    kind = "quotes"
    if answer.made_by == WRITTEN:
        parts.append(_written(answer))
    elif (line := answer.form.line or answer.short) and not _is_all(line, answer.citations):
        parts.append(_first_line(line, several=answer.form.kind is Form.PARTS))
    elif answer.made_by == REVIEWED:
        parts.append(f'<p class="reviewed text" lang="zh-CN">{escape(answer.text)}</p>')
    elif not _is_quoted(answer.text, answer.citations):
        parts.append(f'<p class="short text">{escape(answer.text)}</p>')
    else:
        # The quotation is the answer, and as loud as its length allows.
        kind += " only brief" if len(answer.text) <= BRIEF else " only"
    quotes = "".join(
        f'<blockquote class="text" lang="zh-CN">{highlighted(citation)}'
        f'<a class="ref" href="{escape(source_address(answer.snapshot, [citation]))}">'
        f"{numbers[citation.document]}</a></blockquote>"
        for citation in answer.citations
    )
    parts.append(f'<div class="{kind}">{quotes}</div>')
    if answer.missing:
        parts.append(f'<p class="missing">{label("missing")}<span class="text">{escape(answer.missing)}</span></p>')
    parts.append(label("sources", "h3"))
    chips = (
        chip(answer.snapshot, [c for c in answer.citations if c.document == document], number)
        for document, number in numbers.items()
    )
    parts.append(f'<ol class="sources">{"".join(chips)}</ol>')
    parts.append(f'<p class="made">{label(_made(answer))}</p>')
    return f'<div class="reply answered">{"".join(parts)}</div>'


def _first_line(line: str, *, several: bool) -> str:
    """What is said first; several lines as a list."""
    lines, language = line.split("\n"), "zh-CN" if has_han(line) else "en"
    if not several or len(lines) == 1:
        return f'<h3 class="short text" lang="{language}">{escape(line)}</h3>'
    return f'<ul class="short text lines" lang="{language}">{"".join(f"<li>{escape(one)}</li>" for one in lines)}</ul>'


def _made(answer: Answer) -> str:
    """The word that says how an answer was made."""
    return {REVIEWED: "made_reviewed", WRITTEN: "ai_made"}.get(answer.made_by, "made")


def _written(answer: Answer) -> str:
    """What a language model wrote, called so, and how much of it was left out."""
    written = "".join(sentence(answer, part) for part in answer.sentences)
    count = f'<p class="hint">{label("ai_left_out")}{len(answer.left_out)}</p>' if answer.left_out else ""
    return f'<section class="ai">{label("ai", "p", "ai-label")}{written}{count}</section>'


def _is_quoted(text: str, citations: Iterable[Citation]) -> bool:
    """Whether the quotations show these words anyway."""
    return _squeezed(text).rstrip("…") in _squeezed("".join(citation.text for citation in citations))


def _is_all(short: str, citations: Iterable[Citation]) -> bool:
    """Whether a headline would only say once more what is quoted below it."""
    return _squeezed(short).rstrip("。；") == _squeezed("".join(one.text for one in citations)).rstrip("。；")


def _squeezed(text: str) -> str:
    return "".join(text.split())
