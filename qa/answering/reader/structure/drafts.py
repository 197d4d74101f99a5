"""Which draft a question asks for: 修订草案的意见…, 修订后的办法…."""

import re
from collections.abc import Iterable

from corpus.document import Document
from corpus.metadata.repeals import base_title
from corpus.text.normalise import Normal, normalise

_DRAFT = re.compile(r"草案|草稿|征求意见稿|意见稿|送审稿|讨论稿|修订稿|拟(?:修订|修改|出台|制定)")
# So a rule is called that is drafted, and one that has been revised.
_REVISED = re.compile(r"(?:修订|修改)(?:以|之)?后的|新修订的|修订版")
_REVISED_ALREADY = re.compile(r"修订|修正|修改")
_COMPARES = re.compile(r"现行|现在|目前|原来|相比|比起|不同|不一样|区别|变化|变了|改了|[多少高低增减涨降]了")
_LEAST = 6  # characters at the end of a title that name it


def names_a_draft(question: str) -> bool:
    """Return whether a question asks for a draft as such."""
    return bool(_DRAFT.search(question))


def drafts_asked_for(question: Normal, documents: Iterable[Document]) -> set[str]:
    """Return the names of the drafts that a question asks for by their title; empty where it compares them.

    One called only the revised rule is a draft where no rule of its title calls itself revised.
    """
    drafted = names_a_draft(question)
    if not (drafted or _REVISED.search(question)) or _COMPARES.search(question):
        return set()
    named = [document for document in documents if _is_named(question, document)]
    if not drafted and any(not one.about.is_draft and _REVISED_ALREADY.search(one.title) for one in named):
        return set()
    return {one.name for one in named if one.about.is_draft}


def _is_named(question: str, document: Document) -> bool:
    title = normalise(base_title(document.title))
    return len(title) >= _LEAST and title[-_LEAST:] in question
