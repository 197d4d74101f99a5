"""A column is summed over the rows that a question counts, groups or names, and over no others."""

import pytest

from corpus.document import Document
from qa.answering.forms.base import Form
from qa.answering.forms.tables.rowwise.sums import sum_of_rows
from qa.answering.question.analysis import Question
from tests.support.doubles.toy import document

HALLS = document("""2024年文化馆情况
馆名：县文化馆；面积：5200平方米；演出（场）：80；培训：1200人次。
馆名：河东分馆；面积：600平方米；演出（场）：12；培训：310人次。
馆名：河西分馆；面积：450平方米；演出（场）：9；培训：190人次。
馆名：山口分馆；面积：380平方米；演出（场）：7；培训：220人次。""")
ROADS = document("""公路改造计划
批次：第一批；路段：柳河路；里程：3.5公里；投资：420万元；居民满意率：91%。
批次：第一批；路段：山前路；里程：2.1公里；投资：260万元；居民满意率：88%。
批次：第二批；路段：码头路；里程：1.4公里；投资：310万元；居民满意率：95%。
合计：三段；路段：合计；里程：7公里；投资：990万元；居民满意率：91%。""")
WATER = document("""供水工程
项目 | 投资（万元）
水厂 | 120.5
管网 | 80
泵站 | 30
""")
PLACES = document("""补种树苗
村 | 树苗（棵）
上庄 | 120
下庄 | 约80
南坡 | 60
""")


@pytest.mark.parametrize(
    ("question", "of", "line"),
    [
        ("三个分馆2024年加起来演出多少场", HALLS, "12场 + 9场 + 7场 = 28场"),  # without the other hall
        ("四个馆总共培训多少人次", HALLS, "1200人次 + 310人次 + 190人次 + 220人次 = 1920人次"),
        ("第一批两段路一共投资多少", ROADS, "420万元 + 260万元 = 680万元"),  # rows of one group
        ("第一批公路改造一共多少公里", ROADS, "3.5公里 + 2.1公里 = 5.6公里"),
        ("三条路合计改造多少公里", ROADS, "3.5公里 + 2.1公里 + 1.4公里 = 7公里"),  # without the row of the total
        ("各个馆加起来培训多少人次", HALLS, "1200人次 + 310人次 + 190人次 + 220人次 = 1920人次"),
        ("河东分馆、河西分馆和山口分馆一共培训多少人次", HALLS, "310人次 + 190人次 + 220人次 = 720人次"),
        ("三个项目一共投资多少", WATER, "120.5万元 + 80万元 + 30万元 = 230.5万元"),
        ("三条路一共投多少", ROADS, "420万元 + 260万元 + 310万元 = 990万元"),  # by the verb
    ],
)
def test_rows_are_summed_and_each_is_cited(question: str, of: Document, line: str) -> None:
    found = sum_of_rows(Question.of(question).search, [of])
    assert found is not None
    form, findings = found
    assert (form.kind, form.line, form.verdict) == (Form.COMPUTE, line, line.rpartition(" = ")[2])
    assert [finding.short and finding.short.of(of.text) for finding in findings] == [one.text for one in form.operands]
    assert len(findings) == line.count("+") + 1


@pytest.mark.parametrize(
    ("question", "of"),
    [
        ("两个分馆加起来演出多少场", HALLS),  # there are three
        ("三个分馆2021年加起来演出多少场", HALLS),
        ("三个分馆平均演出多少场", HALLS),
        ("一共培训多少人次", HALLS),  # of which, the question does not say
        ("三个分馆加起来借出多少册", HALLS),
        ("第一批两段路一共的满意率是多少", ROADS),  # shares are not added
        ("三个村一共补种多少棵", PLACES),  # about 80
        ("除县文化馆外三个馆一共培训多少人次", HALLS),
    ],
)
def test_nothing_is_summed_where_rows_or_column_are_not_sure(question: str, of: Document) -> None:
    assert sum_of_rows(Question.of(question).search, [of]) is None
