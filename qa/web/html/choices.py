"""A question that fits several documents: which of them is meant, and the ways to ask one alone."""

from collections.abc import Mapping
from urllib.parse import urlencode

from qa.answering.reply import Answer, Choice, Reply
from qa.web.html.escaping import NOTHING, Html, label


def choices_html(answer: Answer, *, forms: bool) -> Html:
    """Return the documents that the question may mean, each to be asked alone; nothing where there is no choice.

    Each is a link, or with `forms` a form, which keeps the citizen's words out of addresses.
    """
    if not answer.choices:
        return NOTHING
    named = Html('<span class="text" lang="zh-CN">{}</span>')
    names = label("or").join(named.format(choice.label) for choice in answer.choices)
    which = Html('<h3 class="which">{}{}{}</h3>').format(label("which"), names, label("which_end"))
    way = _form if forms else _link
    ways = NOTHING.join(Html("<li>{}</li>").format(way(answer, choice)) for choice in answer.choices)
    return Html('<section class="choices instead">{}<ul>{}</ul></section>').format(which, ways)


def which(answer: Answer, words: Mapping[str, str]) -> str:
    """Return the question as plain text: which of the documents is meant; empty where there is no choice."""
    names = words["or"].join(choice.label for choice in answer.choices)
    return f"{words['which']}{names}{words['which_end']}" if names else ""


def asked_alone(reply: Reply) -> Html:
    """Return the title of the one document that was asked; nothing if all were."""
    if not reply.document:
        return NOTHING
    shown_from = reply.citations if isinstance(reply, Answer) else reply.nearest
    title = next((one.title for one in shown_from if one.document == reply.document), reply.document)
    shown = Html('<p class="understood">{}<cite class="text" lang="zh-CN">{}</cite></p>')
    return shown.format(label("asked_alone"), title)


def _link(answer: Answer, choice: Choice) -> Html:
    query = urlencode({"q": answer.standalone_question, "document": choice.document})
    return Html('<a class="offered" lang="zh-CN" href="/ask?{}">{}</a>').format(query, choice.label)


def _form(answer: Answer, choice: Choice) -> Html:
    hidden = Html('<input type="hidden" name="{}" value="{}">')
    fields = hidden.format("q", answer.standalone_question) + hidden.format("document", choice.document)
    button = Html('<button type="submit" class="offered" lang="zh-CN">{}</button>').format(choice.label)
    return Html('<form method="post" action="/ask">{}{}</form>').format(fields, button)
