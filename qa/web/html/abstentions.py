"""The page without a direct answer: the nearest passages, what else to ask, and whom to ask."""

from urllib.parse import urlencode

from qa.answering.forms.base import Form
from qa.answering.replies import ABSTAINED, ABSTAINED_ENGLISH
from qa.answering.reply import Abstention, Citation, Reason, Reply
from qa.answering.screening.cards import EMERGENCIES
from qa.web.html.choices import asked_alone
from qa.web.html.citations import highlighted, origin, retold, source_address
from qa.web.html.escaping import NOTHING, Html, label
from qa.web.html.help import Ways, card_html, card_text, people

# All passages are open, because each is a place where the word stands.
_ALL_OPEN = (Reason.KEYWORD,)
_ABSTAINED = Html('<div class="reply abstained">{}</div>')


def abstention_html(abstention: Abstention, ways: Ways) -> Html:
    """Return an abstention as markup."""
    if abstention.reason is Reason.SMALL_TALK:
        said = card_text(abstention.card, ways.cards) if abstention.card else _why(abstention)
        return Html('<div class="reply abstained talk">{}</div>').format(said)
    if abstention.rejected or abstention.reason is Reason.UNSAFE:
        heading = label("rejected" if abstention.rejected else "no_answer", "h3")
        return _ABSTAINED.format(heading + understood(abstention) + _why(abstention))
    parts = [card_html(abstention.card, ways.cards), _not_said(abstention), *_documents(abstention)]
    # In danger nobody is sent looking for other questions.
    if abstention.card not in EMERGENCIES:
        parts += [_instead(ways), _topics()]
        parts.append(people([*abstention.contacts, *([ways.contact] if ways.contact else [])]))
    return _ABSTAINED.format(NOTHING.join(parts))


def _not_said(abstention: Abstention) -> Html:
    """Return the answer to whoever asks for yes or no: the documents say neither."""
    return label("not_said", "p", "not-said") if abstention.form.kind is Form.YES_NO else NOTHING


def understood(reply: Reply) -> Html:
    """Return the standalone question as which a follow-up was understood, and the document that alone was asked."""
    if reply.standalone_question == reply.question:
        return asked_alone(reply)
    shown = Html('<p class="understood">{}<span class="text">{}</span></p>')
    return shown.format(label("understood"), reply.standalone_question) + asked_alone(reply)


def _documents(abstention: Abstention) -> list[Html]:
    """Return the nearest passages, the best one open, or a sentence that there are none. Empty under a card alone."""
    if not abstention.nearest:
        if abstention.card:
            return []
        return [label("no_answer", "h3"), understood(abstention), _why(abstention)]
    heading = "keyword" if abstention.reason is Reason.KEYWORD else "no_direct"
    fixed = abstention.text in (ABSTAINED.get(abstention.reason), ABSTAINED_ENGLISH.get(abstention.reason))
    # The heading says as much as the fixed words, except for a wrong premise.
    why = NOTHING if fixed and abstention.reason is not Reason.PREMISE_NOT_SUPPORTED else _why(abstention)
    count = len(abstention.nearest) if abstention.reason in _ALL_OPEN else 1
    opened, folded = abstention.nearest[:count], abstention.nearest[count:]
    open_one = Html('<li><p class="source">{}</p>{}</li>')
    folded_one = Html('<li><details><summary class="source">{}</summary>{}</details></li>')
    shown = [open_one.format(origin(one), passage(abstention.snapshot, one)) for one in opened]
    shown += [folded_one.format(origin(one), passage(abstention.snapshot, one)) for one in folded]
    nearest = Html('<ol class="nearest">{}</ol>').format(NOTHING.join(shown))
    return [label(heading, "h3"), understood(abstention), why, nearest, retold(abstention.nearest)]


def passage(snapshot: str, citation: Citation) -> Html:
    """Return the words of a place in a document, and the link to it."""
    quoted = Html('<blockquote class="text" lang="zh-CN">{}</blockquote>').format(highlighted(citation))
    link = Html('<a class="chip" href="{}">{}</a>')
    return quoted + link.format(source_address(snapshot, [citation]), label("see_source"))


def _why(abstention: Abstention) -> Html:
    """Return the fixed words of the reason in the page's language; any other text unchanged."""
    reason = abstention.reason
    if abstention.text in (ABSTAINED.get(reason), ABSTAINED_ENGLISH.get(reason)):
        return label(f"reason_{reason}", "p")
    return Html('<p class="text">{}</p>').format(abstention.text)


def _instead(ways: Ways) -> Html:
    """Return questions and headings that the citizen may have meant."""
    if not ways.further:
        return NOTHING
    link = Html('<li><a class="offered" lang="zh-CN" href="/ask?{}">{}</a></li>')
    links = NOTHING.join(link.format(urlencode({"q": question}), question) for question in ways.further)
    return Html('<section class="instead">{}<ul>{}</ul></section>').format(label("instead", "h3"), links)


def _topics() -> Html:
    return Html('<p class="topics"><a class="chip" href="/topics">{}</a></p>').format(label("by_topic"))
