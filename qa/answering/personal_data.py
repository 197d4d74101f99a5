"""Finds personal numbers and addresses in what citizens type, however they are written.

Matching runs on a normalised copy, so that digits in circles or full width, invisible characters and unusual dashes
hide nothing. The mask covers the original characters. The work is linear in the length of the text.
Not recognised: names, home addresses and other facts in free words.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from corpus.document import Span

IDENTITY_CARD, BANK_CARD, MOBILE, LANDLINE = "身份证号", "银行卡号", "手机号", "固定电话"
PASSPORT, PERMIT, PLATE, EMAIL = "护照号", "通行证号", "车牌号", "电子邮箱"
WECHAT, QQ, SOCIAL = "微信号", "QQ号", "社保号"


@dataclass(frozen=True, slots=True)
class PersonalData:
    """The kind of a personal number, and its span in the text."""

    kind: str
    span: Span


@dataclass(frozen=True, slots=True)
class _Rule:
    """A pattern of bounded width, and a check that returns where a match ends, or None when it is something else.

    The group `n` is the personal part; the label before it is not.
    """

    kind: str
    pattern: re.Pattern[str]
    holds: Callable[[re.Match[str]], int | None]


def find(text: str) -> list[PersonalData]:
    """Return the personal numbers and addresses of a text, from left to right; where several fit, the first rule's."""
    copy, offsets = _copy(text)
    taken = bytearray(len(copy))
    spans: list[tuple[int, int, str]] = []
    # Chinese number words come second: 星期一13800138000 would otherwise be a number of twelve digits.
    for version in dict.fromkeys((copy, copy.translate(_CHINESE_DIGITS))):
        for rule in _RULES:
            for match in rule.pattern.finditer(version):
                start, end = match.start("n"), rule.holds(match)
                if end is not None and 1 not in taken[start:end]:
                    taken[start:end] = b"\1" * (end - start)
                    spans.append((start, end, rule.kind))
    found: list[PersonalData] = []
    for start, end, kind in sorted(spans):
        span = Span(offsets[start], offsets[end])
        if not found or found[-1].span.end <= span.start:
            found.append(PersonalData(kind, span))
    return found


def mask(text: str) -> str:
    """Return the text with every personal number replaced by its kind: 【手机号】."""
    parts, end = [], 0
    for data in find(text):
        parts += [text[end : data.span.start], f"【{data.kind}】"]
        end = data.span.end
    return "".join([*parts, text[end:]])


def request_to_remove(found: Sequence[PersonalData]) -> str:
    """Return the sentence that asks the citizen to remove them."""
    kinds = "、".join(dict.fromkeys(data.kind for data in found))
    return (
        f"您的问题里像是有{kinds}。为保护您的个人信息，这次没有查询，号码也没有保存。请删去号码后再问；"
        "姓名、住址等识别不出来，也请不要写。"
    )


# The copy that is matched.

_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−⁃─━ー"), "-")
_DOTS = dict.fromkeys(map(ord, "·•‧・∙"), ".")
# Only characters of the labels, so that one spelling of each label is enough.
_SIMPLIFIED = str.maketrans(
    "電話機號碼證護車郵銀帳賬戶聯繫會醫編積臺灣這個麼誰哪裡", "电话机号码证护车邮银账账户联系会医编积台湾这个么谁哪里"
)
_CHINESE_DIGITS = str.maketrans("零〇○洞一幺壹二两贰三叁参四肆五伍六陆七柒八捌九玖", "0000111222333445566778899")
_INVISIBLE = ("Cc", "Cf", "Cs", "Co", "Cn", "Mn", "Me")


def _copy(text: str) -> tuple[str, list[int]]:
    """Return the normalised copy and, for each of its characters and its end, the offset in the text."""
    pieces: list[str] = []
    offsets: list[int] = []
    for offset, char in enumerate(text):
        piece = _normal(char)
        pieces.append(piece)
        offsets.extend([offset] * len(piece))
    return "".join(pieces), [*offsets, len(text)]


@lru_cache(maxsize=4096)
def _normal(char: str) -> str:
    """Return a character in its usual form, Latin letters as capitals; empty for an invisible character."""
    if char.isspace():
        return " "
    if unicodedata.category(char) in _INVISIBLE:
        return ""
    digit = unicodedata.digit(char, None)
    if digit is not None:
        return str(digit)
    usual = unicodedata.normalize("NFKC", char).translate(_DASHES).translate(_DOTS).translate(_SIMPLIFIED)
    return "".join(part.upper() if part.isascii() else part for part in usual)


# The words around a number reveal what it is. Each look is of bounded length.


def _before(match: re.Match[str], most: int) -> str:
    start = match.start("n")
    return match.string[max(0, start - most) : start]


def _after(match: re.Match[str], most: int) -> str:
    return match.string[match.end("n") : match.end("n") + most]


_CODE = re.compile(
    r"(?:编号|型号|货号|批号|代码|文号|条码|单号|流水号?|受理号|许可证号?|备案号?|登记号|准考证号?|学号|户号|项目|标准|"
    r"税号|识别号|ISBN)(?:是|为)?[ :,\-]{0,3}(?:[A-Z]{1,4}[0-9\-/]{0,8})?$"
)
_PERSONAL_CODE = re.compile(r"(?:身份证|证件|社保|医保|护照|个人|养老)[^0-9]{0,8}$")
_UNIT = re.compile(
    r" ?(?:多|余)?(?:元(?!旦|宝|月)|块|万(?!州|盛|分|望|一)|亿(?!联)|吨|美元|"
    r"人民币|千瓦|度|公里|立方|平方|人次|%|米|户)"
)
_LARGE_UNIT = re.compile(r" ?(?:多|余)?[万亿](?:元|吨|人|美元|千瓦|立方|平方)|\.[0-9]{1,2} ?(?:元|万|亿)")
_AMOUNT = re.compile(
    r"投资|金额|总额|额|合计|共计|产值|收入|补贴|补助|预算|资金|费用|总值|资产|税|GDP|价值|贷款|负债|利润|营收|成交|产量"
)
_CALL = re.compile(r"电话|手机|号码|拨打?|打给?|致电|微信|联系|回电|TEL|PHONE")
_COORDINATE = re.compile(r"(?:^|[^0-9.])-?[0-9]{1,3}\.$")
_OFFICE = re.compile(
    r"(?:局|委|办|办公室|中心|大厅|窗口|政府|派出所|街道|镇|乡|社区|学校|医院|银行(?!卡|账|$)|客服|热线|咨询|投诉|举报|监督|值班|科|"
    r"总机|前台|部门|单位)"
)
_MINE = re.compile(r"我|本人|家|回电|回我|请打|联系我|妈|爸|老")
_ASKED = re.compile(
    r"^ ?(?:这个|那个|的)?(?:电话|号码|座机|邮箱)?(?:是|属于)?(?:什么|哪|谁|何)|^ ?是.{0,12}(?:吗|么|什么|哪|不是)"
)


def _is_code(match: re.Match[str]) -> bool:
    before = _before(match, 14)
    return bool(_CODE.search(before)) and not _PERSONAL_CODE.search(before)


def _of_an_office(match: re.Match[str]) -> bool:
    """Return whether the number is a line or an address that an office publishes."""
    before = match.string[max(0, match.start() - 18) : match.start()]
    if _MINE.search(before):
        return False
    return bool(_OFFICE.search(before)) or (bool(_ASKED.match(_after(match, 20))) and "我" not in _after(match, 6))


def _digits(match: re.Match[str]) -> str:
    return re.sub(r"[^0-9X]", "", match["n"])


# The kinds.

_START, _END = r"(?<![0-9A-Z])", r"(?![0-9A-Z])"
_GAP = r"(?: {0,2}(?:-{1,2}|[./_,~]) {0,2}| {1,3})?"
_FILL = r"(?:号码|号|账号|编号|账户|就是|是|为|填|写|叫|加|我|的|了|ID|IS|NUMBER|NO|ACCOUNT|[ :;,=.\-()\"“])" "{0,5}"
_PROVINCES = "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82 83"
_REGIONS = frozenset(_PROVINCES.split())
# GB 11643-1999: the weights of the first 17 digits modulo 11, and the check character for each remainder.
_WEIGHTS = tuple(pow(2, 17 - place, 11) for place in range(17))
_CHECKS = "10X98765432"


def _is_identity_card(match: re.Match[str]) -> int | None:
    """Require a birthday, and the check digit or a region. The region forgives one mistyped digit."""
    digits = _digits(match)
    if not _is_day(digits[6:14]):
        return None
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, digits, strict=False))
    checked = digits[17] == _CHECKS[total % 11]
    return match.end("n") if checked or (digits[:2] in _REGIONS and not _is_code(match)) else None


def _is_old_identity_card(match: re.Match[str]) -> int | None:
    """Accept the form of 15 digits, which has no check digit and two digits for the year."""
    digits = _digits(match)
    known = digits[:2] in _REGIONS and _is_day(f"19{digits[6:12]}")
    return match.end("n") if known and not _is_code(match) and not _UNIT.match(_after(match, 4)) else None


def _is_day(digits: str) -> bool:
    try:
        return 1850 <= date(int(digits[:4]), int(digits[4:6]), int(digits[6:8])).year < 2100
    except ValueError:
        return False


def _is_bank_card(match: re.Match[str]) -> int | None:
    """Apply the Luhn check (ISO/IEC 7812) to whole groups, the longest first: an amount may follow."""
    if _is_code(match) or _UNIT.match(_after(match, 4)):
        return None
    groups = list(re.finditer("[0-9]+", match["n"]))
    for last in range(len(groups), 0, -1):
        number = "".join(group[0] for group in groups[:last])
        if len(number) < 13:
            return None
        sizes = [len(group[0]) for group in groups[:last]]
        # Groups of three are those of a large number.
        together = last == 1 or last == len(number) or (min(sizes[:-1]) >= 3 and set(sizes[1:]) != {3})
        if together and _luhn(number) and not _is_credit_code(number):
            return match.start("n") + groups[last - 1].end()
    return None


def _luhn(digits: str) -> bool:
    doubled = [int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits))]
    return sum(number - 9 if number > 9 else number for number in doubled) % 10 == 0


def _is_credit_code(digits: str) -> bool:
    """Return whether it is an organisation's 统一社会信用代码 that is all digits (check digit of GB 32100-2015)."""
    if len(digits) != 18 or digits[0] not in "159" or digits[1] not in "1239":
        return False
    total = sum(int(digit) * pow(3, place, 31) for place, digit in enumerate(digits[:17]))
    return (31 - total % 31) % 31 == int(digits[17])


def _is_mobile(match: re.Match[str]) -> int | None:
    if _is_code(match) or _COORDINATE.search(_before(match, 6)):
        return None
    after, called = _after(match, 12), bool(_CALL.search(_before(match, 8)))
    if not called and (_LARGE_UNIT.match(after) or (_UNIT.match(after) and _is_amount(match))):
        return None
    written = match["m"]
    sizes = tuple(len(group) for group in re.findall("[0-9]+", written))
    if sizes == (2, 3, 3, 3) or (re.search(r"[./_,~]", written) and sizes not in _USUAL):
        return None
    first = re.match(r"19[0-9]{2}(?![0-9])[^0-9]+([0-9]+)", written)
    # 1949 1950 197 and 1998-08-12 345 are years and days.
    if first and not called and (len(first[1]) <= 2 or first[1][:2] in ("19", "20")):
        return None
    return match.end("n")


_USUAL = {(3, 4, 4), (4, 4, 3), (4, 3, 4), (3, 3, 5), (1,) * 11}


def _is_amount(match: re.Match[str]) -> bool:
    """Return whether a number with a unit is an amount: a round one, or one in a sentence about amounts."""
    return bool(
        _digits(match).endswith("0000")
        or _AMOUNT.search(_before(match, 12))
        or _AMOUNT.search(_after(match, 8))
        or not re.match(r" ?元", _after(match, 3))
    )


def _is_landline(match: re.Match[str]) -> int | None:
    office = _of_an_office(match) or _is_code(match) or _UNIT.match(_after(match, 4))
    return None if office else match.end("n")


def _is_labelled(match: re.Match[str]) -> int | None:
    """Accept any number of the form after a label, unless it is an amount or a date."""
    digits = _digits(match)
    day = len(digits) == 8 and digits[:2] in ("19", "20") and _is_day(digits)
    return None if day or _UNIT.match(_after(match, 4)) else match.end("n")


def _is_account(match: re.Match[str]) -> int | None:
    return None if _of_an_office(match) or _is_code(match) else _is_labelled(match)


def _is_bare(match: re.Match[str]) -> int | None:
    return None if _is_code(match) else match.end("n")


def _is_plate(match: re.Match[str]) -> int | None:
    return match.end("n") if re.search("[0-9]", match["n"]) else None


def _is_published_or(match: re.Match[str]) -> int | None:
    return None if _of_an_office(match) else match.end("n")


_GENERIC = {"WECHAT", "WEIXIN", "OFFICIAL", "WINDOWS", "ANDROID"}


def _is_name(match: re.Match[str]) -> int | None:
    """Accept a WeChat name after a label when it holds a figure, or when the label says that a name follows."""
    said = re.search(r"[0-9_\-]", match["n"]) or re.search(r"号|:|是|=|加|为|我|ID", match["label"])
    known = said and match["n"] not in _GENERIC and not _of_an_office(match)
    return match.end("n") if known else None


_LINE = r"[2-8](?:[0-9]{2,3}[ \-.]{0,2}[0-9]{4}|[0-9](?:[ \-][0-9]{2}){3})"
_EXTENSION = r"(?: ?(?:-|转|EXT\.?) ?[0-9]{1,5}(?![0-9\-]))?"


def _rule(kind: str, pattern: str, holds: Callable[[re.Match[str]], int | None] = _is_labelled) -> _Rule:
    return _Rule(kind, re.compile(pattern), holds)


def _rules() -> Iterator[_Rule]:
    """Yield all rules."""
    yield _rule(
        EMAIL,
        r"(?<![A-Z0-9._%+\-])(?P<n>[A-Z0-9._%+\-]{1,64} ?@ ?(?:[A-Z0-9\-]{1,63}\.){1,4}[A-Z]{2,10})(?![A-Z0-9])",
        _is_published_or,
    )
    yield from _cards()
    yield from _travel_papers()
    yield from _telephones()
    yield from _plates()
    yield from _accounts()


def _cards() -> Iterator[_Rule]:
    number = r"[1-9](?:[ \-]{0,3}[0-9]){16}[ \-]{0,3}[0-9X]"
    yield _rule(IDENTITY_CARD, rf"{_START}(?P<n>{number}){_END}", _is_identity_card)
    yield _rule(
        IDENTITY_CARD,
        rf"(?:身份证|证件|ID CARD|ID){_FILL}(?P<n>[1-9](?:[ \-]{{0,2}}[0-9]){{13,19}}X?){_END}",
        _is_labelled,
    )
    yield _rule(
        IDENTITY_CARD, rf"{_START}(?P<n>[1-9][0-9]{{5}}[ \-]?[0-9]{{6}}[ \-]?[0-9]{{3}}){_END}", _is_old_identity_card
    )
    yield _rule(
        SOCIAL,
        rf"(?:社保|社会保障|社会保险|医保|医疗保险|参保|公积金|养老保险|个人(?=编号))(?:个人|电脑|卡|证){{0,2}}{_FILL}"
        rf"(?P<n>[A-Z]?[0-9](?:[ \-]?[0-9]){{7,18}}){_END}",
        _is_account,
    )
    yield _rule(
        BANK_CARD,
        rf"(?:卡|账号|账户|存折){_FILL}(?P<n>[0-9](?:[ \-]{{0,2}}[0-9]){{14,20}}){_END}",
        _is_account,
    )
    yield _rule(BANK_CARD, rf"{_START}(?P<n>[3-69](?:[ \-]{{0,3}}[0-9]){{12,18}}){_END}", _is_bank_card)


def _travel_papers() -> Iterator[_Rule]:
    yield _rule(PASSPORT, rf"(?:护照|PASSPORT){_FILL}(?P<n>[A-Z]{{0,2}} ?[0-9](?: ?[0-9]){{6,8}}){_END}")
    yield _rule(PASSPORT, rf"{_START}(?P<n>[EG][0-9]{{8}}|E[A-HJ-NP-Z][0-9]{{7}}){_END}", _is_bare)
    yield _rule(
        PERMIT, rf"(?:通行证|回乡证|台胞证|入台证|居住证){_FILL}(?P<n>[A-Z]{{0,2}}[0-9]{{7,18}}X?){_END}", _is_labelled
    )
    yield _rule(PERMIT, rf"{_START}(?P<n>[CW][0-9]{{8}}|C[A-Z][0-9]{{7}}|[HM][0-9]{{10}}){_END}", _is_bare)


def _telephones() -> Iterator[_Rule]:
    yield _rule(
        MOBILE,
        rf"(?:{_START}|(?<=TEL)|(?<=PHONE)|(?<=MOBILE)|(?<=WX)|(?<=VX))"
        rf"(?P<n>(?:\(?(?:\+|00)?86\)?{_GAP})?(?P<m>1{_GAP}[3-9](?:{_GAP}[0-9]){{9}})){_END}",
        _is_mobile,
    )
    yield _rule(
        LANDLINE,
        rf"(?<![0-9A-Z.])(?P<n>(?:\(?0(?:10|2[0-9]|[3-9][0-9]{{2}})\)?|\(?(?:\+|00)86\)?[ \-]{{0,2}}(?:\(?0\)?)?"
        rf"(?:10|2[0-9]|[3-9][0-9]{{2}}))[ \-.]{{0,2}}{_LINE}{_EXTENSION}){_END}",
        _is_landline,
    )
    yield _rule(
        LANDLINE,
        rf"(?:电话|座机|固话|宅电|联系方式|TEL|PHONE){_FILL}(?P<n>{_LINE}{_EXTENSION})(?![0-9A-Z\-])",
        _is_landline,
    )
    yield _rule(
        LANDLINE,
        rf"{_START}(?P<n>{_LINE})(?=[是为](?:我|我们|本人|家)家?里?的?(?:电话|座机|固话|宅电))",
        _is_landline,
    )


def _plates() -> Iterator[_Rule]:
    provinces = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
    letter, any_ = "[A-HJ-NP-Z]", "[A-HJ-NP-Z0-9]"
    yield _rule(
        PLATE,
        rf"(?P<n>[{provinces}]{letter}[ .\-]?(?:{any_}{{5,6}}(?![A-Z0-9])|{any_}{{4}}[挂学警港澳]))",
        _is_plate,
    )
    yield _rule(PLATE, rf"(?:车牌|车号|号牌){_FILL}(?P<n>{letter}[ .\-]?{any_}{{5,6}}){_END}", _is_plate)


def _accounts() -> Iterator[_Rule]:
    yield _rule(
        WECHAT,
        r"(?:微信|薇信|威信|V信|加V|(?<![A-Z])(?:VX|WX|WEIXIN|WECHAT))(?P<label>"
        + _FILL
        + r")(?P<n>[A-Z][A-Z0-9_\-]{5,19}|[1-9][0-9]{5,11})(?![A-Z0-9_@])",
        _is_name,
    )
    yield _rule(
        QQ, rf"(?:(?<![A-Z])QQ|扣扣|Q号)(?!群){_FILL}(?P<n>[1-9](?:[ \-]?[0-9]){{4,10}})(?![0-9A-Z@])", _is_labelled
    )


_RULES = tuple(_rules())
