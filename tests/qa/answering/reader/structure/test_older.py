"""A question that names an older document asks that one."""

from datetime import date

import pytest

from corpus.document import Document, Passage, Span
from index.retrieve import Hit
from qa.answering.question.analysis import Question
from qa.answering.reader.structure.older import asked_for, asked_of_it, named_by_age, names_a_rule
from tests.support.validity import with_validity

OLD = Document("办法2019.txt", "津贴办法（2019年）", "津贴办法（2019年）\n本办法自2019年4月1日起施行。80周岁50元。\n")
NEW = Document(
    "办法2023.txt",
    "津贴办法（2023年）",
    "津贴办法（2023年）\n本办法自2023年7月1日起施行。《津贴办法（2019年）》同时废止。80周岁80元。\n",
)


def hits() -> list[Hit]:
    found = []
    for document in with_validity((OLD, NEW)):
        passage = Passage(document, Span(0, len(document.text)), (), ())
        found.append(Hit(passage, 1.0, 0.9, 1.0, document.about.out_of_force(date(2026, 11, 28))))
    return found


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("2019年的办法里80岁多少钱", "办法2019.txt"),
        ("老办法里80岁多少钱", "办法2019.txt"),
        ("老公约里80岁多少钱", "办法2019.txt"),
        ("前一版里80岁多少钱", "办法2019.txt"),
        ("修改之前80岁多少钱", "办法2019.txt"),
        ("老的暂行办法里80岁多少钱", "办法2019.txt"),
        ("已经废止的办法里80岁多少钱", "办法2019.txt"),
        ("津贴办法是哪天废止的", ""),
        ("2021年的时候80岁多少钱", "办法2019.txt"),  # in force then
        ("2023年的办法里80岁多少钱", "办法2023.txt"),
        ("2023年版是多少，旧版是多少", "办法2019.txt"),
        ("2023年80岁多少钱", ""),
        ("按新办法还是老办法，80岁多少钱", ""),
        ("旧办法和新办法80岁都算吗", ""),
        ("80岁多少钱", ""),
        ("现在80岁多少钱，不要以前的", ""),
        ("现在比以前多多少", ""),
        ("2019年和2023年分别多少钱", ""),
    ],
)
def test_a_document_is_asked_where_its_age_is_named(question: str, name: str) -> None:
    found = asked_for(Question.of(question).search, hits())
    assert [hit.passage.document.name for hit in found] == [name] * bool(name)


@pytest.mark.parametrize(
    ("question", "left", "named"),
    [
        ("2019年的办法里80岁多少钱", "80岁多少钱", True),
        ("按2019年的规定，80岁多少钱", "80岁多少钱", True),
        ("原来的办法80岁多少钱", "80岁多少钱", True),
        ("2019年办法第四条", "第四条", True),
        ("已废止的办法第四条", "第四条", True),
        ("这个办法哪天废止的", "这个办法哪天废止的", False),
        ("2020年的时候80岁多少钱", "80岁多少钱", False),
        ("按2019年那份津贴办法，80岁多少钱", "津贴办法80岁多少钱", True),  # what it is about is asked, too
        ("2019年津贴办法80岁多少钱", "津贴办法80岁多少钱", True),  # as its title has it
        ("2019年医保政策80岁报多少", "医保政策80岁报多少", False),
        ("照2019年试行的办法，80岁多少钱", "80岁多少钱", True),
        ("2019年那个老办法里，80岁多少钱", "80岁多少钱", True),
        ("2019年有多少人享受政策", "有多少人享受政策", False),
        ("80岁多少钱", "80岁多少钱", False),
    ],
)
def test_what_names_the_document_is_not_asked_of_it(question: str, left: str, named: bool) -> None:
    search = Question.of(question).search
    document = Document("a.txt", "津贴办法（2019年）", "津贴办法（2019年）\n80周岁50元。\n")
    assert (asked_of_it(search, [document]), named_by_age(search, [document])) == (left, named)


def test_a_year_that_the_document_tells_of_is_asked_of_it() -> None:
    search = Question.of("2020年80岁多少钱").search
    assert asked_of_it(search, [Document("a.txt", "办法", "办法\n2020年80周岁50元。\n")]) == search


@pytest.mark.parametrize(
    ("question", "rule"),
    [
        ("按老办法80岁多少钱", True),
        ("以前那版章程里80岁多少钱", True),
        ("2019年的规定里80岁多少钱", True),
        ("登记处搬过去以后停车收费吗", False),
        ("原来的居住证要不要交回", False),
        ("以前80岁多少钱", False),
    ],
)
def test_an_older_time_is_no_older_rule(question: str, rule: bool) -> None:
    assert names_a_rule(Question.of(question).search) is rule
