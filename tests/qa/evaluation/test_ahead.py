"""Golden questions are asked before a change of every later day on which something near them begins or ends."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest

from corpus.document import Document
from corpus.validity import About
from index.retrieve import Hit
from index.snapshots.snapshot import Snapshot, build
from qa.answering.query_rewriting import Synonyms
from qa.answering.question.analysis import Question
from qa.answering.reader.base import Reading
from qa.answering.reader.similarity import SimilarityReader
from qa.evaluation import ahead
from qa.evaluation.ahead import Lookahead, View, WrongReply
from qa.evaluation.golden import GoldenQuestion
from tests.support.doubles.toy import COOPERATION, ToyEmbedder, document

TODAY = date(2026, 3, 1)
ASKED = "两地学校结成多少对帮扶对子？"
FALSE = replace(COOPERATION, name="另一份.txt", text=COOPERATION.text.replace("13对", "99对"))


class Counting(SimilarityReader):
    """Counts how often it reads."""

    read_times = 0

    def read(self, question: Question | str, hits: Sequence[Hit]) -> Reading:
        self.read_times += 1
        return super().read(question, hits)


def until(one: Document, days: int) -> Document:
    return replace(one, about=About(in_force_until=TODAY + timedelta(days=days)))


def snapshot(*documents: Document) -> Snapshot:
    return build(documents, ToyEmbedder(), max_tokens=160)


def looked(
    now: Sequence[Document], was: Sequence[Document], *, question: str = ASKED, judged_today: bool = True
) -> tuple[list[WrongReply], int]:
    """What would be answered wrongly, and how often something was read for it."""
    reader = Counting(ToyEmbedder())
    reader.threshold = 0.45
    golden = GoldenQuestion("g", question, (("13对",),), True, ())
    look = Lookahead(golden=[golden], embedder=ToyEmbedder(), reader=reader, synonyms=Synonyms([]), today=TODAY)
    found = look.wrong(View(snapshot=snapshot(*now)), View(snapshot=snapshot(*was)), judged_today=judged_today)
    return list(found), reader.read_times


@pytest.mark.parametrize(
    ("about", "days"),
    [
        (About(), ()),
        (About(in_force_from=date(2026, 3, 2), in_force_until=date(2026, 3, 9)), (date(2026, 3, 2), date(2026, 3, 10))),
        (About(in_force_until=TODAY), (date(2026, 3, 2),)),
        (About(in_force_from=TODAY, in_force_until=date.max), ()),
        (About(in_force_from=date(2026, 3, 2), standing="征求意见稿"), ()),
    ],
)
def test_a_document_changes_on_the_days_on_which_it_begins_and_after_which_it_ends(
    about: About, days: tuple[date, ...]
) -> None:
    assert about.changes(TODAY) == days


def test_the_day_is_named_on_which_the_true_one_no_longer_holds() -> None:
    (wrong,), read = looked([until(COOPERATION, 30), FALSE], [COOPERATION])
    assert wrong == WrongReply("g", ASKED, TODAY + timedelta(days=31), ("另一份.txt",)) and read
    assert wrong.in_words(TODAY) == "从2026年4月1日起答成另一份.txt写的"


def test_what_is_so_already_is_no_reason() -> None:
    known = [until(COOPERATION, 30), FALSE]
    assert looked([*known, document("村里\n\n村里有3口井。\n", name="村里.txt")], known)[0] == []


def test_nothing_is_read_where_nothing_begins_or_ends() -> None:
    """Today was judged already; without later days a refresh costs nothing more."""
    assert looked([COOPERATION, FALSE], [COOPERATION]) == ([], 0)
    assert looked([COOPERATION, FALSE], [COOPERATION], judged_today=False)[1] > 0, "the control"


def test_a_part_of_a_question_is_looked_up_too() -> None:
    asked = "卫生院有多少个，两地学校结成多少对帮扶对子？"
    (wrong,), _ = looked([until(COOPERATION, 30), FALSE], [COOPERATION], question=asked)
    assert wrong.question == asked


def test_more_days_than_are_asked_wait_for_another_person(monkeypatch: pytest.MonkeyPatch) -> None:
    others = [
        until(document(f"合作{day}\n\n两地学校结成多少对帮扶对子，另行通知。\n", name=f"{day}.txt"), day)
        for day in range(5, 25, 5)
    ]
    now = [COOPERATION, *others, document("村里有井。", name="村里.txt")]
    assert looked(now, [COOPERATION, *others])[0] == []
    monkeypatch.setattr(ahead, "MOST_DAYS", 0)
    (wrong,), _ = looked(now, [COOPERATION, *others])
    assert wrong.day > TODAY and "合作.txt" in wrong.documents
