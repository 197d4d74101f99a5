"""Replies as markup."""

from collections.abc import Iterable

from qa.answering.forms.base import OF_SEVERAL, Form
from qa.answering.question.words import has_han
from qa.answering.reply import REVIEWED, WRITTEN, Abstention, Answer, Citation, Reply, Sentence
from qa.web.html.abstentions import abstention_html, understood
from qa.web.html.choices import choices_html, which
from qa.web.html.citations import chip, highlighted, numbered, path, retold, source_address
from qa.web.html.escaping import NOTHING, Html, in_language, label, settled
from qa.web.html.help import NO_WAYS, Ways, card_html
from qa.web.translations import beside, spoken, words

# Characters: a quotation up to this length without a shorter answer is shown in bold.
BRIEF = 60


def header(further: Html = NOTHING) -> Html:
    """Return the top of the page; `further` is its last line. The browser adds the date of the documents."""
    about = label("tagline", "p", "tagline") + label("promise", "p", "promise")
    return Html('<div class="masthead">{}{}{}</div>').format(label("title", "h1"), about, further)


def exchange(reply: Reply, *, reply_id: str = "", ways: Ways = NO_WAYS, page: str = "") -> Html:
    """Return a question with its reply, both in the language of the question.

    `reply_id` names the reply for the browser; `ways` are offers beside it. `page` is the language of a page without
    scripts around it; the chat page looks at the element's own.
    """
    match reply:
        case Answer():
            shown = _answer(reply, ways)
        case Abstention():
            shown = abstention_html(reply, ways)
    language = beside(language_of(reply), page)
    made = in_language(_exchange(reply.question, shown, reply_id, language=language), language)
    return settled(made) if page else made


def language_of(reply: Reply) -> str:
    """Return the language of a reply: that of its question, or of the whole question where only figures were typed."""
    return spoken(reply.question if any(map(str.isalpha, reply.question)) else reply.standalone_question)


def withheld(question: str) -> Html:
    """Return a question whose reply is no longer shown."""
    return _exchange(question, NOTHING)


def turned_away(question: str, key: str, detail: str = "") -> Html:
    """Return a question without a reply, and why: `key` names a word of the page, `detail` is added to it."""
    more = Html('<p class="text detail">{}</p>').format(detail) if detail else NOTHING
    heading = NOTHING if key == "paused" else label("unavailable", "h3")
    why = label(key, "h3" if key == "paused" else "p")
    reply = Html('<div class="reply abstained unavailable">{}{}{}</div>').format(heading, why, more)
    return _exchange(question, reply)


def plain(reply: Reply) -> str:
    """Return the reply as plain text to copy or read aloud: numbered quotations and their sources."""
    said = words(language_of(reply))
    if isinstance(reply, Abstention):
        return "\n".join(filter(None, [reply.form.line, reply.text]))
    numbers = numbered(reply.citations)
    lines = [f"{said['made_reviewed']}\n{reply.text}"] if reply.made_by == REVIEWED else []
    lines += list(filter(None, [which(reply, said), reply.form.line or reply.short]))
    if reply.sentences:
        lines = [said["ai_made"] + said["colon"]]
        lines += [part.text + "".join(f"[{n}]" for n in _cited(reply, part, numbers)) for part in reply.sentences]
    lines += [f"“{citation.text.strip()}”[{numbers[citation.document]}]" for citation in reply.citations]
    if reply.missing:
        lines.append(said["missing"] + reply.missing)
    for document, number in numbers.items():
        first = next(citation for citation in reply.citations if citation.document == document)
        lines.append(f"[{number}] 《{first.title}》{' › '.join(path(first))}")
    return "\n".join(lines)


def sentence(answer: Answer, part: Sentence) -> Html:
    """Return a written sentence with a link to each quotation that supports it."""
    numbers = numbered(answer.citations)
    links = NOTHING.join(_reference(answer, answer.citations[place], numbers) for place in part.citations)
    return Html('<p class="text written">{}{}</p>').format(part.text, links)


def _reference(answer: Answer, citation: Citation, numbers: dict[str, int]) -> Html:
    """Return the number of a document, as a link to the place cited."""
    address = source_address(answer.snapshot, [citation])
    return Html('<a class="ref" href="{}">{}</a>').format(address, numbers[citation.document])


def _cited(answer: Answer, part: Sentence, numbers: dict[str, int]) -> list[int]:
    return list(dict.fromkeys(numbers[answer.citations[place].document] for place in part.citations))


def _exchange(question: str, reply: Html, reply_id: str = "", *, language: str = "") -> Html:
    asked = Html('<h2 class="asked">{}<span class="text">{}</span></h2>').format(label("asked", kind="label"), question)
    named = Html(' id="r-{}"').format(reply_id) if reply_id else NOTHING
    spoken_in = Html(' lang="{}"').format(Html(language)) if language else NOTHING  # noqa: S704  one of ours
    return Html('<div class="exchange"{}{}>{}{}</div>').format(named, spoken_in, asked, reply)


def _answer(answer: Answer, ways: Ways) -> Html:
    numbers = numbered(answer.citations)
    kind, said = ("quotes", choices_html(answer, forms=ways.forms)) if answer.choices else _said(answer)
    parts = [card_html(answer.card, ways.cards), understood(answer), said]
    quote = Html('<blockquote class="text" lang="zh-CN">{}{}</blockquote>')
    quotes = [quote.format(highlighted(one), _reference(answer, one, numbers)) for one in answer.citations]
    parts.append(Html('<div class="{}">{}</div>').format(kind, NOTHING.join(quotes)))
    if answer.missing:
        shown = Html('<p class="missing">{}<span class="text">{}</span></p>')
        parts.append(shown.format(label("missing"), answer.missing))
    parts.append(label("sources", "h3"))
    chips = (
        chip(answer.snapshot, [c for c in answer.citations if c.document == document], number)
        for document, number in numbers.items()
    )
    parts.append(Html('<ol class="sources">{}</ol>').format(NOTHING.join(chips)))
    parts += [retold(answer.citations), Html('<p class="made">{}</p>').format(label(_made(answer)))]
    return Html('<div class="reply answered">{}</div>').format(NOTHING.join(parts))


def _said(answer: Answer) -> tuple[str, Html]:
    """Return the class of the quotations, and what stands above them."""
    if answer.made_by == WRITTEN:
        return "quotes", _written(answer)
    if (line := answer.form.line or answer.short) and not _is_all(line, answer.citations):
        return "quotes", _first_line(line, several=answer.form.kind is Form.PARTS)
    if answer.made_by == REVIEWED:
        return "quotes", Html('<p class="reviewed text" lang="zh-CN">{}</p>').format(answer.text)
    if not _is_quoted(answer.text, answer.citations):
        return "quotes", Html('<p class="short text">{}</p>').format(answer.text)
    if answer.form.kind in OF_SEVERAL:
        return "quotes", NOTHING  # a quotation that holds an operand of the answer only
    # The quotation is the answer; its length decides how prominent it is.
    return "quotes only brief" if len(answer.text) <= BRIEF else "quotes only", NOTHING


def _first_line(line: str, *, several: bool) -> Html:
    """Return what is said first; several lines are a list."""
    lines, language = line.split("\n"), "zh-CN" if has_han(line) else "en"
    if not several or len(lines) == 1:
        return Html('<h3 class="short text" lang="{}">{}</h3>').format(language, line)
    entries = NOTHING.join(Html("<li>{}</li>").format(one) for one in lines)
    return Html('<ul class="short text lines" lang="{}">{}</ul>').format(language, entries)


def _made(answer: Answer) -> str:
    """Return the key of the word that says how an answer was made."""
    return {REVIEWED: "made_reviewed", WRITTEN: "ai_made"}.get(answer.made_by, "made")


def _written(answer: Answer) -> Html:
    """Return the text of a language model, labelled as such, and how many sentences were left out."""
    written = NOTHING.join(sentence(answer, part) for part in answer.sentences)
    left_out = Html('<p class="hint">{}{}</p>').format(label("ai_left_out"), len(answer.left_out))
    parts = (label("ai", "p", "ai-label"), written, left_out if answer.left_out else NOTHING)
    return Html('<section class="ai">{}{}{}</section>').format(*parts)


def _is_quoted(text: str, citations: Iterable[Citation]) -> bool:
    """Return whether the quotations show these words anyway."""
    return _squeezed(text).rstrip("…") in _squeezed("".join(citation.text for citation in citations))


def _is_all(short: str, citations: Iterable[Citation]) -> bool:
    """Return whether a headline would only repeat the quotation below it."""
    return _squeezed(short).rstrip("。；") == _squeezed("".join(one.text for one in citations)).rstrip("。；")


def _squeezed(text: str) -> str:
    return "".join(text.split())
