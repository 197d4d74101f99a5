"""Documents with what they say of their standing, as a refresh that remembers nothing finds it."""

from collections.abc import Sequence

from corpus.document import Document
from corpus.metadata.facts import Forgetful, facts_of
from corpus.metadata.standing import with_facts


def with_validity(documents: Sequence[Document]) -> tuple[Document, ...]:
    """Return the documents with what they say of themselves and of one another."""
    return with_facts(documents, facts_of(documents, Forgetful()))
