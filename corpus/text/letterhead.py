"""Lines around the title of official documents that are not titles: letterhead, number, table of contents."""

import re
from collections.abc import Sequence

# 云府发〔2025〕8号, with 签发人：王某 beside it.
_NUMBER = (
    r"[^。；]{0,30}[〔［\[（(]\s*(?:19|20)\d\d\s*[〕］\]）)]\s*(?:第\s*)?\d{1,5}\s*号(?:\s*签发人\s*[：:].{0,20})?"
)
# 云溪县人民政府文件; 云府发〔2025〕8号, with 签发人：王某 beside it; 000001; 特急; 机密★1年.
_LETTERHEAD = re.compile(
    rf"(?!.*[关《])[\u4e00-\u9fa5（）()\s]{{4,30}}文\s*件|{_NUMBER}"
    r"|签发人\s*[：:].{0,20}|\d{6}|(?:绝密|机密|秘密)(?:★.{0,8})?|特\s*急|加\s*急|特提"
)
# 云溪县民政局社会救助科 2026年1月; 轨道交通公司 编号：GD-06.
_OFFICES = r"(?:局|委|会|厅|部|办|室|科|处|股|院|府|署|队|站|所|中心|公司|集团|校|街道|[镇乡])"
_OFFICE = rf"[\u4e00-\u9fa5（）()]{{2,30}}{_OFFICES}"
_WHO_AND_WHEN = re.compile(
    rf"{_OFFICE}[ \u3000]*[编印]?[ \u3000]*(?:(?:19|20)\d\d年\d{{1,2}}月(?:\d{{1,2}}日)?|编号[：:].{{1,30}})"
)
# What stands above the title of a document that is issued by number: 云溪县民政局; 云溪县人民政府令, 第3号.
_ISSUED_BY = re.compile(
    rf"(?!.*(?:关于|《))[\u4e00-\u9fa5（）()、]{{2,80}}(?:{_OFFICES}(?:文件)?|(?:{_OFFICES}|主席|主任|[省市区县镇乡]长)(?:令|公告|通告))"
)
_SERIAL = re.compile(
    rf"{_NUMBER}|[（(]?(?:(?:19|20)\d\d\s*年\s*)?第\s*[\d一二三四五六七八九十百〇零]{{1,5}}\s*号[)）]?"
)
_MOST_MASTHEAD = 6  # lines
_CONTENTS = re.compile(r"目\s*[录次]|contents|table of contents", re.IGNORECASE)
# 第一章 总则……3; the dots lead to the page number. The patterns see a few characters at the end: searched for along a
# whole line of dots they would take time that grows with its square.
_PAGE = re.compile(r"\d{1,4}$")
_LEADER = re.compile(r"(?:[.．·]\s?){3}[.．·]$|……$|-{6}$")
_LONGEST_LEADER = 7
_SPACED_OUT = re.compile(r"[\u4e00-\u9fff](?:[ \u3000]+[\u4e00-\u9fff])+")


def is_letterhead(line: str) -> bool:
    """Return whether a line names the issuing office, the number or the urgency, as red heads do."""
    return bool(_LETTERHEAD.fullmatch(line.strip()))


def names_office(line: str) -> bool:
    """Return whether a line is the name of an office alone."""
    return bool(re.fullmatch(_OFFICE, closed_up(line.strip())))


def masthead(lines: Sequence[str]) -> int:
    """Return how many of the first lines name who issues a document, and its number below; 0 if they do not."""
    for number, line in enumerate(lines[:_MOST_MASTHEAD]):
        if _SERIAL.fullmatch(line.strip()):
            above = [each for each in lines[:number] if names_issuer(each) or not is_letterhead(each)]
            return number + 1 if above and names_issuer("".join(above)) else 0
    return 0


def names_issuer(line: str) -> bool:
    """Return whether a line is who issues a document, with what it is issued as: 云溪县人民政府令."""
    return bool(_ISSUED_BY.fullmatch("".join(line.split())))


def says_who_and_when(line: str) -> bool:
    """Return whether a line names who issues a document and the day, or its number, as below a title."""
    return bool(_WHO_AND_WHEN.fullmatch(line.strip()))


def is_contents(line: str) -> bool:
    """Return whether a line is the heading of a table of contents."""
    return bool(_CONTENTS.fullmatch(line.strip()))


def is_contents_entry(line: str, *, within: bool = False) -> bool:
    """Return whether a line leads to a page; `within` a table of contents, a number at the end is enough."""
    page = _PAGE.search(line[-5:])
    before = line[: page.start() - len(line[-5:])] if page else ""
    if not before or before[-1].isdecimal():
        return False
    return within or bool(_LEADER.search(before.rstrip()[-_LONGEST_LEADER:]))


def closed_up(line: str) -> str:
    """Return a line without the spaces between single characters (通　知 → 通知); other lines unchanged."""
    return "".join(line.split()) if _SPACED_OUT.fullmatch(line.strip()) else line
