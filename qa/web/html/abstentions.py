"""The page without a direct answer: the nearest passages, what else to ask, and whom to ask."""

from urllib.parse import urlencode

from qa.answering.replies import ABSTAINED, ABSTAINED_ENGLISH
from qa.answering.reply import Abstention, Citation, Reason, Reply
from qa.answering.screening.cards import EMERGENCIES
from qa.web.html.citations import highlighted, origin, source_address
from qa.web.html.escaping import escape, label
from qa.web.html.help import Ways, card_html, card_text, people

# All passages are open, because each is a place where the word stands.
_ALL_OPEN = (Reason.KEYWORD,)


def abstention_html(abstention: Abstention, ways: Ways) -> str:
    """Return an abstention as markup."""
    if abstention.reason is Reason.SMALL_TALK:
        said = card_text(abstention.card, ways.cards) if abstention.card else _why(abstention)
        return f'<div class="reply abstained talk">{said}</div>'
    if abstention.rejected or abstention.reason is Reason.UNSAFE:
        heading = label("rejected" if abstention.rejected else "no_answer", "h3")
        return f'<div class="reply abstained">{heading}{understood(abstention)}{_why(abstention)}</div>'
    parts = [card_html(abstention.card, ways.cards), *_documents(abstention)]
    # In danger nobody is sent looking for other questions.
    if abstention.card not in EMERGENCIES:
        parts += [_instead(ways), _topics()]
        parts.append(people([*abstention.contacts, *([ways.contact] if ways.contact else [])]))
    return f'<div class="reply abstained">{"".join(parts)}</div>'


def understood(reply: Reply) -> str:
    """Return the standalone question as which a follow-up was understood; empty if the two are equal."""
    if reply.standalone_question == reply.question:
        return ""
    return (
        f'<p class="understood">{label("understood")}<span class="text">{escape(reply.standalone_question)}</span></p>'
    )


def _documents(abstention: Abstention) -> list[str]:
    """Return the nearest passages, the best one open, or a sentence that there are none. Empty under a card alone."""
    if not abstention.nearest:
        if abstention.card:
            return []
        return [label("no_answer", "h3"), understood(abstention), _why(abstention)]
    heading = "keyword" if abstention.reason is Reason.KEYWORD else "no_direct"
    fixed = abstention.text in (ABSTAINED.get(abstention.reason), ABSTAINED_ENGLISH.get(abstention.reason))
    # The heading says as much as the fixed words, except for a wrong premise.
    why = "" if fixed and abstention.reason is not Reason.PREMISE_NOT_SUPPORTED else _why(abstention)
    count = len(abstention.nearest) if abstention.reason in _ALL_OPEN else 1
    opened, folded = abstention.nearest[:count], abstention.nearest[count:]
    shown = "".join(f"<li>{_origin_line(one)}{_passage(abstention, one)}</li>" for one in opened)
    shown += "".join(
        f'<li><details><summary class="source">{origin(one)}</summary>{_passage(abstention, one)}</details></li>'
        for one in folded
    )
    return [label(heading, "h3"), understood(abstention), why, f'<ol class="nearest">{shown}</ol>']


def _origin_line(citation: Citation) -> str:
    return f'<p class="source">{origin(citation)}</p>'


def _passage(abstention: Abstention, citation: Citation) -> str:
    address = escape(source_address(abstention.snapshot, [citation]))
    return (
        f'<blockquote class="text" lang="zh-CN">{highlighted(citation)}</blockquote>'
        f'<a class="chip" href="{address}">{label("see_source")}</a>'
    )


def _why(abstention: Abstention) -> str:
    """Return the fixed words of the reason in the page's language; any other text unchanged."""
    reason = abstention.reason
    if abstention.text in (ABSTAINED.get(reason), ABSTAINED_ENGLISH.get(reason)):
        return label(f"reason_{reason}", "p")
    return f'<p class="text">{escape(abstention.text)}</p>'


def _instead(ways: Ways) -> str:
    """Return questions and headings that the citizen may have meant."""
    if not ways.further:
        return ""
    links = "".join(
        f'<li><a class="offered" lang="zh-CN" href="{escape("/ask?" + urlencode({"q": question}))}">'
        f"{escape(question)}</a></li>"
        for question in ways.further
    )
    return f'<section class="instead">{label("instead", "h3")}<ul>{links}</ul></section>'


def _topics() -> str:
    return f'<p class="topics"><a class="chip" href="/topics">{label("by_topic")}</a></p>'
