"""Words that offices use as names of columns, and as labels on forms."""

import re
from collections.abc import Sequence

from corpus.loaders.parts.tables.kinds import FIGURES, Kind, kind

_WORDS = (
    "序号|编号|名称|姓名|项目|科目|指标|类别|类型|种类|等级|级别|单位|部门|机构|地址|地点|位置|电话|方式|时间|日期|年份|月份|"
    "标准|金额|数量|数值|面积|人数|户数|内容|事项|对象|条件|依据|流程|材料|时限|职务|职责|范围|说明|备注|问题|答案|价格|单价|"
    "比例|合计|小计|负责人|联系人|责任人|法人|性质|来源|用途|规格|型号|状态|结果|情况|名单|学校|小区|线路|班次|站点|手机|传真|"
    "邮箱|网址|邮编|性别|民族|出生|籍贯|学历|职称|经办人"
)
_ENDS_OF_PROPER_NAMES = ("学校", "小区", "线路", "机构", "部门", "站点", "项目", "合计", "小计")
_ON_FORMS = (
    "申请人|代表人|号码|证号|年月|住址|住所|户籍|户籍地|居住地|婚姻状况|健康状况|政治面貌|关系|收入|职业|简历|特长|成员|资本|业务|理由|"
    "意见|签名|签字|盖章|照片|院校|专业|学位"
)
_BRACKETS = r"(?:[（(].*[）)])?"
NAMES = re.compile(rf"(?:{_WORDS}){_BRACKETS}")
_ENDS_WITH_A_NAME = re.compile(rf".{{0,8}}(?:{_WORDS}){_BRACKETS}")
_LABEL = re.compile(rf".{{0,8}}(?:{_WORDS}|{_ON_FORMS}){_BRACKETS}")
_COLON = ("：", ":")
_HOURS = re.compile(r"(?<=[\u4e00-\u9fff]{2})[（(][^（）()]{0,6}\d{1,2}[:：]\d\d[^（）()]{0,16}[）)]$")
_USUAL = 0.5  # share of names that are usual for columns


def names_columns(texts: Sequence[str]) -> float:
    """Return the share (0–1) of words that are usual as column names in offices."""
    return sum(bool(NAMES.fullmatch(text)) or bool(NAMES.search(text[-4:])) for text in texts) / max(1, len(texts))


def are_usual(texts: Sequence[str]) -> bool:
    """Return whether words name columns by what they say alone."""
    return names_columns(texts) >= _USUAL


def kind_of_name(text: str) -> Kind:
    """Return the kind of words that may name a column, but for hours in brackets behind them: 夜间（21:00—7:00）."""
    return kind(_HOURS.sub("", text))


def is_no_name(text: str) -> bool:
    """Return whether words cannot name a column: figures, dates, telephones, sentences."""
    return kind_of_name(text) in (*FIGURES, Kind.PROSE)


def ends_with_a_name(text: str) -> bool:
    """Return whether words end with the usual name of a column, or with a colon."""
    return text.endswith(_COLON) or bool(_ENDS_WITH_A_NAME.fullmatch(text))


def is_label(text: str) -> bool:
    """Return whether words name what is filled in beside them on a form."""
    named = _LABEL.fullmatch(text) and not (len(text) > 2 and text.endswith(_ENDS_OF_PROPER_NAMES))
    return kind(text) is Kind.WORDS and (text.endswith(_COLON) or bool(named))
