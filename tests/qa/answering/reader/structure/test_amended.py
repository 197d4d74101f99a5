"""An article that a later decision amends is answered with the decision first."""

from datetime import date

import pytest

from corpus.document import Document, Span
from qa.answering.reader.base import Finding, Reading
from qa.answering.reader.structure.amended import Amendments, as_amended
from tests.support.validity import with_validity

RULE = Document(
    "养犬.txt",
    "青山县养犬管理规定",
    "青山县养犬管理规定\n（2020年3月1日起施行）\n第一条　每户限养2只。\n第六条　养犬登记应当在领养之日起30日内办理。\n"
    "办理登记每只收费50元。\n第八条　遛犬时间为20时至次日7时。\n第九条　养犬人每年报告一次。\n",
)
DECISION = Document(
    "决定.txt",
    "青山县人民政府关于修改《青山县养犬管理规定》的决定",
    "青山县人民政府关于修改《青山县养犬管理规定》的决定\n对《青山县养犬管理规定》作如下修改：\n"
    "一、将第六条第一款中的“30日”修改为“15日”，第二款中的“50元”修改为“20元”。\n"
    "二、第八条修改为：“遛犬时间为19时至次日8时。节假日除外。”\n三、删去第九条。\n"
    "本决定自2024年5月1日起施行。\n2024年4月2日\n",
)
LATER = Document(
    "决定二.txt",
    "青山县人民政府关于修改《青山县养犬管理规定》的决定",
    "青山县人民政府关于修改《青山县养犬管理规定》的决定\n"
    "将《青山县养犬管理规定》第六条中的“15日”修改为“7日”。\n2025年4月2日\n",
)
OTHER = Document(
    "他县.txt",
    "白水县人民政府关于修改《白水县养犬管理规定》的决定",
    "白水县人民政府关于修改《白水县养犬管理规定》的决定\n将第六条中的“30日”修改为“10日”。\n2024年4月2日\n",
)
TODAY = date(2026, 11, 28)


def found(document: Document, quote: str, short: str = "") -> Reading:
    start = document.text.index(quote)
    at = start + quote.index(short) if short else 0
    finding = Finding(document, (), Span(start, start + len(quote)), Span(at, at + len(short)) if short else None)
    return Reading((finding,), 0.9)


def shown(reading: Reading, *others: Document, question: str = "几天内登记") -> list[tuple[str, str, str]]:
    """Return document, quotation and short answer of each finding, with the rule and these others in force."""
    amendments = Amendments(with_validity([RULE, *others]), TODAY)
    return [
        (one.document.name, one.quote.of(one.document.text), one.short.of(one.document.text) if one.short else "")
        for one in as_amended(question, reading, amendments).findings
    ]


DAYS = ("第六条　养犬登记应当在领养之日起30日内办理。", "30日内")
FEE = ("办理登记每只收费50元。", "50元")
CHANGED = "一、将第六条第一款中的“30日”修改为“15日”，第二款中的“50元”修改为“20元”。"


@pytest.mark.parametrize(
    ("quote", "short", "sentence", "new"),
    [
        (*DAYS, CHANGED, "15日"),
        (*FEE, CHANGED, "20元"),
        (
            "第八条　遛犬时间为20时至次日7时。",
            "20时至次日7时",
            "二、第八条修改为：“遛犬时间为19时至次日8时。节假日除外。”",
            "",
        ),
        ("第九条　养犬人每年报告一次。", "一次", "三、删去第九条。", ""),
    ],
)
def test_the_amendment_answers_before_the_article_that_it_changes(
    quote: str, short: str, sentence: str, new: str
) -> None:
    assert shown(found(RULE, quote, short), DECISION) == [("决定.txt", sentence, new), ("养犬.txt", quote, "")]


def test_what_no_decision_changes_is_answered_alone() -> None:
    untouched = found(RULE, "第一条　每户限养2只。", "2只")
    assert shown(untouched, DECISION, OTHER) == [("养犬.txt", "第一条　每户限养2只。", "2只")]
    assert shown(found(RULE, *DAYS), OTHER) == [("养犬.txt", *DAYS)]
    registered = found(RULE, DAYS[0], "养犬登记")  # the words asked for stand as they were
    assert shown(registered, DECISION) == [("养犬.txt", DAYS[0], "养犬登记")]


def test_the_last_of_several_amendments_answers() -> None:
    assert shown(found(RULE, *DAYS), LATER, DECISION)[0] == (
        "决定二.txt",
        "将《青山县养犬管理规定》第六条中的“15日”修改为“7日”。",
        "7日",
    )


def test_the_older_text_is_quoted_where_it_is_asked_for_or_newer_than_the_amendment() -> None:
    assert shown(found(RULE, *DAYS), DECISION, question="原来几天内登记") == [("养犬.txt", *DAYS)]
    issued = Document("养犬.txt", RULE.title, RULE.text.replace("2020年3月1日", "2024年6月1日"))
    amendments = Amendments(with_validity([issued, DECISION]), TODAY)
    (dated,) = [one for one in with_validity([issued, DECISION]) if one.name == issued.name]
    reading = found(dated, *DAYS)
    assert as_amended("几天内登记", reading, amendments) == reading


def test_an_amendment_not_yet_in_force_changes_nothing() -> None:
    before = Amendments(with_validity([RULE, DECISION]), date(2024, 4, 20))
    reading = found(RULE, *DAYS)
    assert as_amended("几天内登记", reading, before) == reading


def test_of_an_amendment_the_new_words_answer() -> None:
    assert shown(found(DECISION, CHANGED, "30日"), DECISION) == [("决定.txt", CHANGED, "15日")]
