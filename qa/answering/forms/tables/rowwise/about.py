"""Whether a table, with what stands above it, tells of what a question asks about."""

import re
from collections.abc import Sequence

from corpus.document import Document
from corpus.text.headings.paths import headings_at
from corpus.text.normalise import normalise
from qa.answering.forms.computing.comparing import content, held
from qa.answering.forms.figures import facts
from qa.answering.forms.tables.most.column import years_in
from qa.answering.forms.tables.naming.names import LEAST, shared
from qa.answering.forms.tables.reading import Row

# The share of the characters of a question, besides the names of the rows, that have to stand there.
_LEAST = 0.7
# Says nothing of what is asked about, or only how it is asked.
_OF_ASKING = re.compile(
    r"一共|总共|合计|总计|加起来|合起来|加在一起|共|相差|差距|今年|[这本]次|目前|现在|"
    r"普通|一般|平常|[一每](?:度|吨|亩|平|方|公斤|斤|公里|棵|人|年|天|次|张|晚|个)|到底|大概|大约|便宜|划算|[贵长短远近快慢强厚深宽久先早晚]|块钱?|分别|每?个月?|要|能|我|你|们|得|着|过|都"
)
_OF_MONEY = re.compile("价钱|价格|费用|花费|工资|薪[水资酬]|待遇|钱|[收交付花给掏卖买]")
# What counts people and is called by another word in tables.
_OF_PEOPLE = re.compile("人|学生|老师|职工|人数")


def is_told(question: str, meant: Sequence[Row], document: Document, rows: Sequence[Row], unit: str) -> bool:
    """Return whether a table tells of all years of a question and of most of what it says besides names of rows.

    `meant` are the rows that are computed of; `unit` is that of their cells, which says what is asked: 元 of 多少钱.
    """
    start, end = rows[0].span.start, rows[-1].span.end
    table = document.table(start)
    above = headings_at(document, start)
    before = document.text[:start].rstrip("\n")
    line = before[before.rfind("\n") + 1 :]
    around = (document.name, document.title, table.title if table else "", *above, line, document.text[start:end])
    text, question = facts(normalise("\n".join(around))).copy, facts(question).copy
    if not all(year in text for year in years_in(question)):
        return False
    for row in meant:
        begin, stop = shared(row.name, question)
        question = question[:begin] + " " + question[stop:] if stop - begin >= LEAST else question
    question = _OF_ASKING.sub(" ", question)
    if unit == "元":
        question = _OF_MONEY.sub(" ", question)
    if unit in ("人", "人次", ""):
        question = _OF_PEOPLE.sub(" ", question)
    about = {char for char in content(question) if char.isalpha()}
    return not about or held(about, text) >= _LEAST
