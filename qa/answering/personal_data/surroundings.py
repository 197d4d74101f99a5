"""The words around a number, which reveal what it is; each look is of bounded length."""

import re


def words_before(match: re.Match[str], most: int) -> str:
    start = match.start("n")
    return match.string[max(0, start - most) : start]


def words_after(match: re.Match[str], most: int) -> str:
    return match.string[match.end("n") : match.end("n") + most]


_CODE = re.compile(
    r"(?:编号|型号|货号|批号|代码|文号|条码|单号|流水号?|受理号|许可证号?|备案号?|登记号|准考证号?|学号|户号|项目|标准|"
    r"税号|识别号|ISBN)(?:是|为)?[ :,\-]{0,3}(?:[A-Z]{1,4}[0-9\-/]{0,8})?$"
)
_PERSONAL_CODE = re.compile(r"(?:身份证|证件|社保|医保|护照|个人|养老)[^0-9]{0,8}$")
UNIT = re.compile(
    r" ?(?:多|余)?(?:元(?!旦|宝|月)|块|万(?!州|盛|分|望|一)|亿(?!联)|吨|美元|"
    r"人民币|千瓦|度|公里|立方|平方|人次|%|米|户)"
)
LARGE_UNIT = re.compile(r" ?(?:多|余)?[万亿](?:元|吨|人|美元|千瓦|立方|平方)|\.[0-9]{1,2} ?(?:元|万|亿)")
AMOUNT = re.compile(
    r"投资|金额|总额|额|合计|共计|产值|收入|补贴|补助|预算|资金|费用|总值|资产|税|GDP|价值|贷款|负债|利润|营收|成交|产量"
)
CALL = re.compile(r"电话|手机|号码|拨打?|打给?|致电|微信|联系|回电|TEL|PHONE")
COORDINATE = re.compile(r"(?:^|[^0-9.])-?[0-9]{1,3}\.$")
_OFFICE = re.compile(
    r"(?:局|委|办|办公室|中心|大厅|窗口|政府|派出所|街道|镇|乡|社区|学校|医院|银行(?!卡|账|$)|客服|热线|咨询|投诉|举报|监督|值班|科|"
    r"总机|前台|部门|单位)"
)
_MINE = re.compile(r"我|本人|家|回电|回我|请打|联系我|妈|爸|老")
_ASKED = re.compile(
    r"^ ?(?:这个|那个|的)?(?:电话|号码|座机|邮箱)?(?:是|属于)?(?:什么|哪|谁|何)|^ ?是.{0,12}(?:吗|么|什么|哪|不是)"
)


def is_code(match: re.Match[str]) -> bool:
    before = words_before(match, 14)
    return bool(_CODE.search(before)) and not _PERSONAL_CODE.search(before)


def of_an_office(match: re.Match[str]) -> bool:
    """Return whether the number is a line or an address that an office publishes."""
    before = match.string[max(0, match.start() - 18) : match.start()]
    if _MINE.search(before):
        return False
    return bool(_OFFICE.search(before)) or (
        bool(_ASKED.match(words_after(match, 20))) and "我" not in words_after(match, 6)
    )


def digits_in(match: re.Match[str]) -> str:
    return re.sub(r"[^0-9X]", "", match["n"])
