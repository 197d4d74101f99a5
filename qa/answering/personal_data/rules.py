"""The forms of personal numbers and addresses: for each kind a pattern, and the check that a match has to pass."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from qa.answering.personal_data import checks

IDENTITY_CARD, BANK_CARD, MOBILE, LANDLINE = "身份证号", "银行卡号", "手机号", "固定电话"
PASSPORT, PERMIT, PLATE, EMAIL = "护照号", "通行证号", "车牌号", "电子邮箱"
WECHAT, QQ, SOCIAL = "微信号", "QQ号", "社保号"

_START, _END = r"(?<![0-9A-Z])", r"(?![0-9A-Z])"
_GAP = r"(?: {0,2}(?:-{1,2}|[./_,~]) {0,2}| {1,3})?"
_FILL = r"(?:号码|号|账号|编号|账户|就是|是|为|填|写|叫|加|我|的|了|ID|IS|NUMBER|NO|ACCOUNT|[ :;,=.\-()\"“])" "{0,5}"
_LINE = r"[2-8](?:[0-9]{2,3}[ \-.]{0,2}[0-9]{4}|[0-9](?:[ \-][0-9]{2}){3})"
_EXTENSION = r"(?: ?(?:-|转|EXT\.?) ?[0-9]{1,5}(?![0-9\-]))?"


@dataclass(frozen=True, slots=True)
class _Rule:
    """A pattern of bounded width, and a check that returns where a match ends, or None when it is something else.

    The group `n` is the personal part; the label before it is not.
    """

    kind: str
    pattern: re.Pattern[str]
    holds: Callable[[re.Match[str]], int | None]


def _rule(kind: str, pattern: str, holds: Callable[[re.Match[str]], int | None] = checks.is_labelled) -> _Rule:
    return _Rule(kind, re.compile(pattern), holds)


def _rules() -> Iterator[_Rule]:
    """Yield all rules."""
    yield _rule(
        EMAIL,
        r"(?<![A-Z0-9._%+\-])(?P<n>[A-Z0-9._%+\-]{1,64} ?@ ?(?:[A-Z0-9\-]{1,63}\.){1,4}[A-Z]{2,10})(?![A-Z0-9])",
        checks.is_published_or,
    )
    yield from _cards()
    yield from _travel_papers()
    yield from _telephones()
    yield from _plates()
    yield from _accounts()


def _cards() -> Iterator[_Rule]:
    number = r"[1-9](?:[ \-]{0,3}[0-9]){16}[ \-]{0,3}[0-9X]"
    yield _rule(IDENTITY_CARD, rf"{_START}(?P<n>{number}){_END}", checks.is_identity_card)
    yield _rule(
        IDENTITY_CARD,
        rf"(?:身份证|证件|ID CARD|ID){_FILL}(?P<n>[1-9](?:[ \-]{{0,2}}[0-9]){{13,19}}X?){_END}",
        checks.is_labelled,
    )
    yield _rule(
        IDENTITY_CARD,
        rf"{_START}(?P<n>[1-9][0-9]{{5}}[ \-]?[0-9]{{6}}[ \-]?[0-9]{{3}}){_END}",
        checks.is_old_identity_card,
    )
    yield _rule(
        SOCIAL,
        rf"(?:社保|社会保障|社会保险|医保|医疗保险|参保|公积金|养老保险|个人(?=编号))(?:个人|电脑|卡|证){{0,2}}{_FILL}"
        rf"(?P<n>[A-Z]?[0-9](?:[ \-]?[0-9]){{7,18}}){_END}",
        checks.is_account,
    )
    yield _rule(
        BANK_CARD,
        rf"(?:卡|账号|账户|存折){_FILL}(?P<n>[0-9](?:[ \-]{{0,2}}[0-9]){{14,20}}){_END}",
        checks.is_account,
    )
    yield _rule(BANK_CARD, rf"{_START}(?P<n>[3-69](?:[ \-]{{0,3}}[0-9]){{12,18}}){_END}", checks.is_bank_card)


def _travel_papers() -> Iterator[_Rule]:
    yield _rule(PASSPORT, rf"(?:护照|PASSPORT){_FILL}(?P<n>[A-Z]{{0,2}} ?[0-9](?: ?[0-9]){{6,8}}){_END}")
    yield _rule(PASSPORT, rf"{_START}(?P<n>[EG][0-9]{{8}}|E[A-HJ-NP-Z][0-9]{{7}}){_END}", checks.is_bare)
    yield _rule(
        PERMIT,
        rf"(?:通行证|回乡证|台胞证|入台证|居住证){_FILL}(?P<n>[A-Z]{{0,2}}[0-9]{{7,18}}X?){_END}",
        checks.is_labelled,
    )
    yield _rule(PERMIT, rf"{_START}(?P<n>[CW][0-9]{{8}}|C[A-Z][0-9]{{7}}|[HM][0-9]{{10}}){_END}", checks.is_bare)


def _telephones() -> Iterator[_Rule]:
    yield _rule(
        MOBILE,
        rf"(?:{_START}|(?<=TEL)|(?<=PHONE)|(?<=MOBILE)|(?<=WX)|(?<=VX))"
        rf"(?P<n>(?:\(?(?:\+|00)?86\)?{_GAP})?(?P<m>1{_GAP}[3-9](?:{_GAP}[0-9]){{9}})){_END}",
        checks.is_mobile,
    )
    yield _rule(
        LANDLINE,
        rf"(?<![0-9A-Z.])(?P<n>(?:\(?0(?:10|2[0-9]|[3-9][0-9]{{2}})\)?|\(?(?:\+|00)86\)?[ \-]{{0,2}}(?:\(?0\)?)?"
        rf"(?:10|2[0-9]|[3-9][0-9]{{2}}))[ \-.]{{0,2}}{_LINE}{_EXTENSION}){_END}",
        checks.is_landline,
    )
    yield _rule(
        LANDLINE,
        rf"(?:电话|座机|固话|宅电|联系方式|TEL|PHONE){_FILL}(?P<n>{_LINE}{_EXTENSION})(?![0-9A-Z\-])",
        checks.is_landline,
    )
    yield _rule(
        LANDLINE,
        rf"{_START}(?P<n>{_LINE})(?=[是为](?:我|我们|本人|家)家?里?的?(?:电话|座机|固话|宅电))",
        checks.is_landline,
    )


def _plates() -> Iterator[_Rule]:
    provinces = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
    letter, any_ = "[A-HJ-NP-Z]", "[A-HJ-NP-Z0-9]"
    yield _rule(
        PLATE,
        rf"(?P<n>[{provinces}]{letter}[ .\-]?(?:{any_}{{5,6}}(?![A-Z0-9])|{any_}{{4}}[挂学警港澳]))",
        checks.is_plate,
    )
    yield _rule(PLATE, rf"(?:车牌|车号|号牌){_FILL}(?P<n>{letter}[ .\-]?{any_}{{5,6}}){_END}", checks.is_plate)


def _accounts() -> Iterator[_Rule]:
    yield _rule(
        WECHAT,
        r"(?:微信|薇信|威信|V信|加V|(?<![A-Z])(?:VX|WX|WEIXIN|WECHAT))(?P<label>"
        + _FILL
        + r")(?P<n>[A-Z][A-Z0-9_\-]{5,19}|[1-9][0-9]{5,11})(?![A-Z0-9_@])",
        checks.is_name,
    )
    yield _rule(
        QQ,
        rf"(?:(?<![A-Z])QQ|扣扣|Q号)(?!群){_FILL}(?P<n>[1-9](?:[ \-]?[0-9]){{4,10}})(?![0-9A-Z@])",
        checks.is_labelled,
    )


RULES = tuple(_rules())
