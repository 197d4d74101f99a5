"""Tells which answers are withheld: those that a golden question knows to be wrong."""

from collections.abc import Collection, Sequence

from qa.answering.overrides import Withheld
from qa.answering.paraphrase import same, sense
from qa.answering.query_rewriting import Synonyms


def is_withheld(
    questions: Sequence[str], contents: Collection[str], known: Sequence[Withheld], synonyms: Synonyms
) -> bool:
    """Return whether an answer to these wordings of a question is known to be wrong in all that it quotes.

    `contents` are the content hashes of the documents that it quotes.
    """
    quoting = [one for one in known if set(contents) <= set(one.contents)]
    senses = [sense(text, synonyms) for text in questions] if quoting else []
    return any(
        text in questions or any(same(sense(text, synonyms), one) for one in senses)
        for withheld in quoting
        for text in withheld.questions
    )
