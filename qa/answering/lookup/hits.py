"""Finds the hits for a question: those of the year, the season or the draft that it names come first, or alone."""

from collections.abc import Sequence

from corpus.text.normalise import Normal
from index.retrieve import Hit
from index.snapshots.snapshot import Snapshot
from qa.answering.lookup.searching import HITS, Search
from qa.answering.reader import editions
from qa.answering.reader.structure import older
from qa.answering.reader.structure.commencing import leaves_a_day_open
from qa.answering.reader.structure.drafts import drafts_asked_for

_MOST_NAMED = 200  # documents that a question may name by their year: all their passages are compared with it


def hits_for(whole: str, snapshot: Snapshot, search: Search) -> tuple[Normal, list[Hit]]:
    """Return the copy of a standalone question that is searched with, and its hits, the best first."""
    question, hits = search.find(whole, snapshot)
    if older.named_by_age(question, snapshot.documents):
        inside = _in_those_of_its_years(question, snapshot, search)
        named = older.asked_for(question, inside or hits)
        hits = named + [hit for hit in hits if hit not in named]
    hits = _of_its_season(question, hits, snapshot, search)
    if (drafts := drafts_asked_for(question, snapshot.documents)) and len(drafts) <= _MOST_NAMED:
        found = search.find_in(drafts, question, snapshot)
        hits = [hit for hit in found if not leaves_a_day_open(hit.passage.text)]
    return question, hits


def _in_those_of_its_years(question: Normal, snapshot: Snapshot, search: Search) -> list[Hit]:
    """Return the hits in the documents that bear the year of a question, or else in those that hold no more.

    Empty for too many of them.
    """
    meant = older.of_its_years(question, snapshot.documents)
    if not editions.years(question) and older.names_a_rule(question):
        today = search.today
        meant = {one.name: one for one in snapshot.documents if one.about.out_of_force(today)}
    if not meant or len(meant) > _MOST_NAMED:
        return []
    return search.find_in(set(meant), older.asked_of_it(question, list(meant.values())), snapshot)


def _of_its_season(question: Normal, hits: Sequence[Hit], snapshot: Snapshot, search: Search) -> list[Hit]:
    """Return the hits without those of another season than the question names: 2025—2026采暖季.

    Nothing is left out unless a document is of the season asked for. Then its own passages are searched, too.
    """
    asked = editions.seasons(question)
    of_its_years = older.of_its_years(question, snapshot.documents) if asked else {}
    of_it = {one.name for one in of_its_years.values() if asked & editions.seasons(one.title)}
    if not of_it or len(of_it) > _MOST_NAMED:
        return list(hits)
    found = [hit for hit in hits if not editions.of_another_season(question, hit.passage.document, hit.passage.text)]
    known = {id(hit.passage) for hit in found}
    more = search.find_in(of_it, question, snapshot)[: HITS - len(found)]
    return [*found, *(hit for hit in more if id(hit.passage) not in known)]
