"""Differences, multiples and shares are computed from the two figures that a question compares."""

import pytest

from corpus.text.normalise import digits
from corpus.text.sentences import sentences
from qa.answering.forms.computing.comparing import Conclusion
from qa.answering.forms.computing.differing import computed
from qa.answering.forms.computing.statements import lines_of, statements

INCOME = "城镇、农村居民人均可支配收入分别为41320元和20786元，分别增长5.3%和7.6%。"
FARES = """线路：东线索道；往返：100元；每车：8人。
线路：西线索道；往返：135元；每车：6人。"""
HOURS = "事项：农房登记；原时限：30个工作日；新时限：15个工作日。"
HERBS = "林下收入642万元，其中灵芝193万元、天麻271万元、蜂蜜118万元、其他60万元。"
SPENT = "教育支出18.6亿元、科学技术支出4.2亿元、社会保障支出15.9亿元、卫生健康支出9.7亿元。"
LOTS = "第一包：触屏460台，中标金额451万元。\n第二包：录播12套，中标金额203万元。\n第四包：桌椅900套，中标金额58万元。"
STATIONS = "全县有加油站23座，本次抽检6座。"
YEARS = """指标：满意率；2022年：71%；2023年：84%；2024年：92%。
指标：上线人数；2022年：86人；2023年：121人；2024年：167人。"""
TOURISM = "2023年接待游客120万人次、旅游收入3亿元，2024年接待游客150万人次、旅游收入4亿元。"
ACCIDENTS = "2023年事故120起、死亡30人，2024年事故90起、死亡24人。"
PETITIONS = "2023年接待来访320批次、信访量1200件，2024年接待来访280批次、信访量1100件。"
FROM_TO = "船票由50元降到45元，月票由800元提高到900元。"


def concluded(question: str, text: str) -> Conclusion | None:
    lines = lines_of(text, sentences(text))
    return computed(digits(question), statements(lines), lines)


@pytest.mark.parametrize(
    ("question", "text", "line"),
    [
        ("城镇比农村居民收入高多少", INCOME, "41320元 − 20786元 = 20534元"),
        ("西线往返比东线往返贵几块", FARES, "135元 − 100元 = 35元"),
        ("东线和西线往返相差多少钱", FARES, "135元 − 100元 = 35元"),
        ("城镇居民收入是农村居民收入的几倍", INCOME, "41320元 ÷ 20786元 = 约2倍"),
        ("一级文物占全部文物的百分之几", "一级文物9件，全部文物36件。", "9件 ÷ 36件 = 25%"),
        ("农房登记缩短了多少工作日", HOURS, "30个 − 15个 = 15个工作日"),
        ("满意率比22年高几个点", YEARS, "92% − 71% = 21个百分点"),
        ("2024年客流比2019年多多少", "客流2015年是50人，2019年是80人，2024年到了95人。", "95人 − 80人 = 15人"),
        ("船票砍了几块", FROM_TO, "50元 − 45元 = 5元"),
        ("船票降了几块", FROM_TO, "50元 − 45元 = 5元"),
        ("百岁老人津贴涨了多少", "百岁老人津贴每月600元（原400元）。", "600元 − 400元 = 200元"),
        ("投诉少了几件", "投诉：2023年276件，2024年191件。", "276件 − 191件 = 85件"),
        ("2024年和2023年相比，投诉少了几件", "投诉：2023年276件，2024年191件。", "276件 − 191件 = 85件"),
        ("与2023年相比，2024年投诉少了几件", "投诉：2023年276件，2024年191件。", "276件 − 191件 = 85件"),
        ("一级文物和二级文物一共几件", "一级文物9件，二级文物34件。", "9件 + 34件 = 43件"),
        ("收购站收的比发的多多少件", "收购站收142万件，发38.5万件。", "142万件 − 38.5万件 = 103.5万件"),
        (
            "区内生产总值2021年比2017年多多少",
            "区内生产总值由2017年的992亿元增加到2021年1402亿元。",
            "1402亿元 − 992亿元 = 410亿元",
        ),
        (
            "本区2021年比2017年生产总值多多少",
            "生产总值2017年是992亿元，2021年增加到1402亿元。",
            "1402亿元 − 992亿元 = 410亿元",
        ),
        ("2021年比2017年多多少", "生产总值2017年是992亿元，2021年增加到1402亿元。", "1402亿元 − 992亿元 = 410亿元"),
        ("2024年旅游收入比2023年上涨多少", TOURISM, "4亿元 − 3亿元 = 1亿元"),
        ("2024年旅游收入是2023年的几倍", TOURISM, "4亿元 ÷ 3亿元 = 约1.3倍"),
        ("2024年旅游收入比2023年增长百分之几", TOURISM, "（4亿元 − 3亿元）÷ 3亿元 = 约33.3%"),
        ("2024年游客比2023年增长多少", TOURISM, "150万人次 − 120万人次 = 30万人次"),
        ("2024年事故死亡人数比2023年下降多少", ACCIDENTS, "30人 − 24人 = 6人"),
        ("2024年事故比2023年下降多少", ACCIDENTS, "120起 − 90起 = 30起"),
        ("2024年信访量比2023年下降多少", PETITIONS, "1200件 − 1100件 = 100件"),
        ("2024年来访批次比2023年下降多少", PETITIONS, "320批次 − 280批次 = 40批次"),
        ("去年投诉多少件", "投诉64件，比上年少21件。", "64件 + 21件 = 85件"),
        ("上年就诊率是多少", "县域内就诊率91.2%，比上年提高1.8个百分点。", "91.2% − 1.8个百分点 = 89.4%"),
        ("没抽检的加油站几座", STATIONS, "23座 − 6座 = 17座"),
        ("除了城南站，消防车一共几辆", "全县消防车31辆，其中城北站9辆、城南站7辆。", "31辆 − 7辆 = 24辆"),
        ("不是低保户的消费者代表几人", "代表15人，其中消费者代表9人（含低保户2人）。", "9人 − 2人 = 7人"),
        ("两条线往返一共多少钱", FARES, "100元 + 135元 = 235元"),
        ("灵芝、天麻和蜂蜜一共多少", HERBS, "193万元 + 271万元 + 118万元 = 582万元"),
        ("灵芝、蜂蜜、其他三项收入合计多少", HERBS, "193万元 + 118万元 + 60万元 = 371万元"),
        ("教育、科学技术和卫生健康支出三项合计多少", SPENT, "18.6亿元 + 4.2亿元 + 9.7亿元 = 32.5亿元"),
        ("三包中标金额合计多少", LOTS, "451万元 + 203万元 + 58万元 = 712万元"),
        ("住宅类和非住宅类每件差多少钱", "住宅类每件80元，非住宅类每件550元。", "550元 − 80元 = 470元"),
        ("21年的产值比18年多出来多少", "产值2018年是31亿元，2021年增加到46亿元。", "46亿元 − 31亿元 = 15亿元"),
        ("2024年投诉比上年少了几件", "投诉：2023年276件，2024年191件。", "276件 − 191件 = 85件"),
        ("二孩和三孩的奖励相差多少", "按二孩2000元、三孩5000元一次性奖励。", "5000元 − 2000元 = 3000元"),
        ("5亩地补多少钱", "耕地补贴按每亩地97元发放。", "97元 × 5亩 = 485元"),
        ("甲库比乙库存粮多多少", "甲库存粮1.2亿斤，乙库存粮5000万斤。", "1.2亿 − 5000万 = 0.7亿斤"),
    ],
)
def test_computes_what_is_asked(question: str, text: str, line: str) -> None:
    conclusion = concluded(question, text)
    assert conclusion is not None and conclusion.line == line
    assert line.endswith(conclusion.verdict)
    assert all(operand.words in line for operand in conclusion.operands)


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("西线往返比南线往返贵几块", FARES),  # one figure is missing
        ("一级文物比二级文物少多少", "一级文物9件、二级文物34吨。"),  # other units
        ("一级文物比二级文物少多少", "一级文物9件，二级文物不少于34件。"),  # a bound is no figure to compute with
        ("一级文物比二级文物多多少", "一级文物9件，二级文物34件。"),  # the question has it the other way round
        ("船票涨了几块", FROM_TO),
        ("一级文物和二级文物一共几件", "一级文物9件，二级文物约34件。"),
        ("满意率比2019年高几个点", YEARS),  # another year
        ("去年投诉多少件", "去年投诉64件，比前年少21件。"),  # the figure of last year is told
        ("2020年投诉多少件", "2024年投诉64件，比上年少21件。"),
        ("没抽检的加油站几座", "全县有加油站23座，其中未抽检17座。"),  # told, nothing to compute
        ("那十几个没抽检的加油站卡在哪里", STATIONS),  # asks for no amount
        ("甲比乙能多防几种病", "甲苗防病：128元；乙苗防病：52元。"),  # another unit
        ("三条线往返一共多少钱", FARES),  # two have a fare
        ("除了东线，两条线往返一共多少钱", FARES),
        ("5亩地补多少钱", "耕地补贴首亩地97元，以后每亩地加20元。"),  # not the same for each
        ("灵芝、天麻和松茸一共多少", HERBS),  # one has no figure
        ("灵芝、天麻和蜂蜜四项一共多少", HERBS),  # four are counted, three are named
        ("灵芝、天麻和蜂蜜一共多少", HERBS.replace("118万元", "118公斤")),  # other units
        ("灵芝、天麻和蜂蜜一共多少", HERBS.replace("118万元", "约118万元")),
        ("灵芝、天麻和蜂蜜一共多少", HERBS + "去年灵芝100万元、天麻200万元、蜂蜜90万元。"),  # two sums
        ("5亩以上的地补多少钱", "耕地补贴按每亩地97元发放。"),  # no quantity, a limit
        ("船票降了几块，从哪天起", FROM_TO),  # asks for more than can be computed
        ("2024年旅游收入比2023年增长多少", "2023年接待游客120万人次，2024年接待游客150万人次，旅游收入创新高。"),
        ("2024年旅游收入比2023年下降多少", TOURISM.replace("150万", "100万")),  # it rose; the visitors fell
        ("2024年比2023年多多少", TOURISM),  # either may be meant
        ("2021年产值比上年增加多少", "产值由2018年的31亿元增加到2021年46亿元。"),  # not the year before
        ("今年比去年多多少", "产值由2017年的992.24亿元增加到2021年1402.74亿元。"),
    ],
)
def test_computes_nothing_where_figures_are_missing_or_do_not_fit(question: str, text: str) -> None:
    assert concluded(question, text) is None


def test_a_year_is_not_called_by_the_digits_of_another() -> None:
    text = "甲站2019年有13人；乙站2023年有26人。"
    assert concluded("2023年乙站比2018年甲站多多少人", text) is None
    conclusion = concluded("2023年乙站比2019年甲站多多少人", text)
    assert conclusion is not None and conclusion.verdict == "13人"
