"""Replies as markup."""

from collections.abc import Iterable

from qa.answering.reply import REVIEWED, WRITTEN, Abstention, Answer, Citation, Reply, Sentence
from qa.web.html.abstentions import abstention_html, understood
from qa.web.html.citations import chip, highlighted, numbered, path, source_address
from qa.web.html.escaping import escape, label
from qa.web.html.help import NO_WAYS, Ways, card_html
from qa.web.translations import word

# Characters: a quotation up to this length without a shorter answer is shown in bold.
BRIEF = 60


def header(further: str = "") -> str:
    """Return the top of the page; `further` is its last line. The browser adds the date of the documents."""
    about = label("tagline", "p", "tagline") + label("promise", "p", "promise")
    return f'<div class="masthead">{label("title", "h1")}{about}{further}</div>'


def exchange(reply: Reply, *, reply_id: str = "", ways: Ways = NO_WAYS) -> str:
    """Return a question with its reply. `reply_id` names the reply for the browser; `ways` are offers beside it."""
    match reply:
        case Answer():
            shown = _answer(reply, ways)
        case Abstention():
            shown = abstention_html(reply, ways)
    return _exchange(reply.question, shown, reply_id)


def withheld(question: str) -> str:
    """Return a question whose reply is no longer shown."""
    return _exchange(question, "", "")


def turned_away(question: str, key: str, detail: str = "") -> str:
    """Return a question without a reply, and why: `key` names a word of the page, `detail` is added to it."""
    more = f'<p class="text detail">{escape(detail)}</p>' if detail else ""
    heading = "" if key == "paused" else label("unavailable", "h3")
    why = label(key, "h3" if key == "paused" else "p")
    return _exchange(question, f'<div class="reply abstained unavailable">{heading}{why}{more}</div>', "")


def plain(reply: Reply) -> str:
    """Return the reply as plain text to copy or read aloud: numbered quotations and their sources."""
    if isinstance(reply, Abstention):
        return reply.text
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
    """Return a written sentence with a link to each quotation that supports it."""
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
        parts.append(f'<h3 class="short text" lang="zh-CN">{escape(line)}</h3>')
    elif answer.made_by == REVIEWED:
        parts.append(f'<p class="reviewed text" lang="zh-CN">{escape(answer.text)}</p>')
    elif not _is_quoted(answer.text, answer.citations):
        parts.append(f'<p class="short text">{escape(answer.text)}</p>')
    else:
        # The quotation is the answer; its length decides how prominent it is.
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


def _made(answer: Answer) -> str:
    """Return the key of the word that says how an answer was made."""
    return {REVIEWED: "made_reviewed", WRITTEN: "ai_made"}.get(answer.made_by, "made")


def _written(answer: Answer) -> str:
    """Return the text of a language model, labelled as such, and how many sentences were left out."""
    written = "".join(sentence(answer, part) for part in answer.sentences)
    count = f'<p class="hint">{label("ai_left_out")}{len(answer.left_out)}</p>' if answer.left_out else ""
    return f'<section class="ai">{label("ai", "p", "ai-label")}{written}{count}</section>'


def _is_quoted(text: str, citations: Iterable[Citation]) -> bool:
    """Return whether the quotations show these words anyway."""
    return _squeezed(text).rstrip("…") in _squeezed("".join(citation.text for citation in citations))


def _is_all(short: str, citations: Iterable[Citation]) -> bool:
    """Return whether a headline would only repeat the quotation below it."""
    return _squeezed(short).rstrip("。；") == _squeezed("".join(one.text for one in citations)).rstrip("。；")


def _squeezed(text: str) -> str:
    return "".join(text.split())
