"""What a row that has the most or the least is called by."""

import re
from collections.abc import Sequence

from corpus.text.normalise import normalise
from qa.answering.forms.tables.most.column import INDEX
from qa.answering.forms.tables.most.places import FIGURES
from qa.answering.forms.tables.naming.columns import column_of_noun
from qa.answering.forms.tables.naming.names import LEAST
from qa.answering.forms.tables.reading import Cell, Row, bare

ASKED_FOR = re.compile(r"哪一?(?P<kind>[个家种样项条类处所座趟批款辆台门场届级])?+(?P<noun>[\u4e00-\u9fff]{1,4})")
_ASKED_BEFORE = re.compile(r"([\u4e00-\u9fff]{2,4})(?:里头|里面|里|中|是)?哪")
_OF_FIRMS = re.compile("当事人|相对人|单位|企业|公司|商户|商家|店|机构")
# Who acts on them is no firm of theirs: 办案机构, 主管单位.
_ACTS = re.compile("办案|执法|处罚|主管|监管|承办|经办|发证|审批|许可|作出|检验|检测|执行|受理|填报")
# Things that are called by their number; what is measured is no name: 3号楼, 2路, but not 2辆.
_NUMBERED = re.compile(
    r"第?[a-zA-Z]?\d{1,4}(?:路|号|栋|幢|座|区|组|社|班|队|村|线|期|批|标段|楼|层|单元|车间|窗口)[\u4e00-\u9fff]{0,4}"
)
# Names no row.
_REMARK = re.compile("备注|说明")


def name_of(question: str, row: Row, apart: Cell, rows: Sequence[Row]) -> str:
    """Return the cell that a question asks for, or else the first one in words that no other row has."""
    cells = [
        (place, cell)
        for place, cell in enumerate(row.cells)
        if cell is not apart
        and not INDEX.search(cell.column)
        and (not (FIGURES.fullmatch(cell.text) and cell.figure) or (place == 0 and _NUMBERED.fullmatch(cell.text)))
    ]
    columns = [bare(cell.column) for _, cell in cells]
    behind, before = ASKED_FOR.search(question), _ASKED_BEFORE.search(question)
    behind = None if behind and behind["noun"][0] == "的" and behind["kind"] != "家" else behind
    asked = None
    if behind:
        noun = "日期" if behind["noun"][0] == "天" else behind["noun"]
        asked = column_of_noun(noun, columns)
        if asked is None and len(noun) >= LEAST:  # 职业（工种）
            asked = next((n for n, (_, cell) in enumerate(cells) if noun[:LEAST] in normalise(cell.column)), None)
        first = next((cell for cell in row.cells if not INDEX.search(cell.column)), apart)
        if asked is None and first is not apart and len(noun) >= LEAST and noun[:LEAST] in bare(first.column):
            return first.said  # rows that are called by a figure: 缴费档次
    if asked is None and behind and behind["kind"] == "家":  # 哪家被罚
        asked = next(
            (n for n, column in enumerate(columns) if _OF_FIRMS.search(column) and not _ACTS.search(column)), None
        )
    if asked is None and before:  # 安置点哪个
        asked = column_of_noun(before[1], columns, to_the_end=True)
    if asked is not None:
        return cells[asked][1].text
    for place, cell in cells:
        if not _REMARK.search(cell.column) and cell.text not in {
            other.cells[place].text for other in rows if other is not row and place < len(other.cells)
        }:
            return cell.text
    return row.cells[0].text
