"""The sum of a column over rows that a question counts, groups or names: 五所学校合计, 第三期一共, 甲、乙和丙三项."""

import re
from collections.abc import Sequence

from corpus.document import Document
from corpus.text.headings.paths import headings_at
from corpus.text.normalise import Normal
from corpus.text.numerals import whole_number
from qa.answering.forms.base import AnswerForm, Form, Operand
from qa.answering.forms.computing.comparing import amount_asked
from qa.answering.forms.computing.implied.sums import names_asked
from qa.answering.forms.computing.results import added
from qa.answering.forms.tables.most.parallel import parallel_rows
from qa.answering.forms.tables.most.winner import TOTAL
from qa.answering.forms.tables.reading import Row, tables
from qa.answering.forms.tables.rowwise.about import is_told
from qa.answering.forms.tables.rowwise.called import of_the_group, row_called
from qa.answering.forms.tables.rowwise.column import columns_asked, wanted_units
from qa.answering.forms.tables.rowwise.figures import statement_of, unit_of
from qa.answering.reader.base import Finding

MOST = 12  # rows that are summed and quoted
_TOGETHER = re.compile(r"一共|总共|合计|加起来|合起来|加在一起|总计|拢共|统共|共")
_COUNTED = re.compile(
    r"(?P<count>\d{1,2}|[两三四五六七八九十]{1,2})(?P<of>[个家条项种类样座所处档门站级只块包批片支队组届趟区县市镇乡村])(?!月|百分)"
)
_ALL = re.compile(r"各[个家条项种类座所处站区县市镇乡村]?|所有|全部")
_OTHERWISE = re.compile(
    r"比|差|除|以外|之外|另外|不是|平均|人均|[前后][两三四五六七八九十\d]|每[个家条项种类座所处站人户]"
)
# What is no more of two together: a share, a rate, an average, a price for one.
_NOT_ADDED = re.compile(r"率|占比|比例|比重|均|单价|标准|限额|温度|分数|年龄|排名|名次|编号|序号|电话|年份")
_BEHIND_COUNT = 8
_ENDS = (4, 3, 2)


def sum_of_rows(question: Normal, documents: Sequence[Document]) -> tuple[AnswerForm, tuple[Finding, ...]] | None:
    """Return the form and the rows of a question for the sum of a column over several rows of one table.

    None where it is not sure which rows or which column, and where a row says otherwise in words.
    """
    copy = question.strip("？?。 ")
    if not _TOGETHER.search(copy) or not amount_asked(copy) or _OTHERWISE.search(copy):
        return None
    found = []
    for document in documents:
        for table in (*tables(document), *parallel_rows(document)):
            meant = _rows_meant(question, table)
            places = _columns(question, meant, table) if meant else []
            if len(places) == 1 and is_told(
                _told(question), meant, document, table, unit_of(meant[0].cells[places[0]])
            ):
                found.append((document, table, meant, places[0]))
    if len(found) != 1:
        return None
    document, table, meant, place = found[0]
    return _formed(document, table, meant, place)


def _rows_meant(question: Normal, table: Sequence[Row]) -> list[Row]:
    """Return the rows that are summed: those named one by one, or as many as are counted, or of a group, or all."""
    own = [row for row in table if not row.header and not any(TOTAL.match(cell.text) for cell in row.cells[:2])]
    if names := names_asked(question):
        called = [row_called(name, own, apart_from="".join({*names} - {name})) for name in names]
        rows = [row for row in called if row]
        return rows if len({row.span for row in rows}) == len(names) else []
    group = of_the_group(_without_count(question), own)
    counted = list(_COUNTED.finditer(question))
    if len(counted) > 1:
        return []
    if counted:
        many = _number(counted[0]["count"])
        choices = [group, _alike(question[counted[0].end("count") :], group)]
        fitting = {tuple(row.span for row in rows): rows for rows in choices if len(rows) == many}
        return next(iter(fitting.values())) if len(fitting) == 1 and 1 < many <= MOST else []
    grouped = 1 < len(group) < len(own) or (_ALL.search(question) and len(group) > 1)
    return group if grouped and len(group) <= MOST else []


def _alike(behind: str, rows: Sequence[Row]) -> list[Row]:
    """Return the rows whose names end with the word behind a count: 分馆, and not 总馆."""
    words = behind[:_BEHIND_COUNT]
    for size in _ENDS:
        ends = {row.name[-size:] for row in rows if len(row.name) > size}
        if told := [end for end in ends if end in words]:
            return [row for row in rows if row.name.endswith(told[0])] if len(told) == 1 else []
    return []


def _number(count: str) -> int:
    return int(count) if count.isdigit() else 2 if count == "两" else whole_number(count)


def _without_count(question: str) -> Normal:
    return Normal(_COUNTED.sub(" ", question))


def _columns(question: Normal, meant: Sequence[Row], table: Sequence[Row]) -> list[int]:
    rest = Normal(_TOGETHER.sub(" ", _without_count(question)))
    for row in meant:
        rest = Normal(rest.replace(row.name, " "))
    places = columns_asked(rest, wanted_units(rest, "", ""), meant, table)
    return [place for place in places if not _NOT_ADDED.search(meant[0].cells[place].column) and _is_sum(place, table)]


def _is_sum(place: int, table: Sequence[Row]) -> bool:
    """Return whether a column can be summed: no shares."""
    return not any(cell.figure and cell.figure.unit in ("%", "倍") for row in table for cell in row.cells[place:][:1])


def _told(question: str) -> str:
    return _ALL.sub(" ", _TOGETHER.sub(" ", _without_count(question)))


def _formed(
    document: Document, table: Sequence[Row], meant: Sequence[Row], place: int
) -> tuple[AnswerForm, tuple[Finding, ...]]:
    told = [statement_of(row.cells[place]) for row in meant]
    total = added(told)
    headings = headings_at(document, table[0].span.start)
    findings = tuple(Finding(document, headings, row.span, row.cells[place].span) for row in meant)
    operands = tuple(Operand(row.cells[place].text, row.name, number) for number, row in enumerate(meant))
    line = f"{' + '.join(one.words for one in told)} = {total}"
    return AnswerForm(Form.COMPUTE, line, total, operands, "rows of one table"), findings
