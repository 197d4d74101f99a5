"""The most or the least of a column, in the table that was read."""

from dataclasses import replace

import pytest

from corpus.document import Document, Span, Table
from corpus.text.normalise import digits
from qa.answering.forms.tables.cells.choosing import in_the_right_cell
from qa.answering.forms.tables.most.winner import most_of_a_column
from qa.answering.question.analysis import Question
from qa.answering.reader.base import Finding, Reading
from tests.support.doubles.toy import document

YARDS = document(
    """2024年各仓库情况
序号：1；片区：东片；仓库：一号仓；货位数：420；白天（8:00—20:00）租金：6元/天；夜间租金：2元/天；建成年份：2011年；保管员工资：3—4万元。
序号：2；片区：东片；仓库：二号仓；货位数：1,150；白天（8:00—20:00）租金：9元/天；夜间租金：1元/天；建成年份：2019年；保管员工资：5—7万元。
序号：3；片区：西片；仓库：三号仓；货位数：900；白天（8:00—20:00）租金：4元/天；夜间租金：3元/天；建成年份：2015年；保管员工资：4—6万元。
序号：合计；货位数：2,470。
"""
)
CODES = document(
    "代码：B03；岗位：护林员；人数：2；年龄：38周岁以下。\n代码：D01；岗位：司机；人数：10；年龄：40周岁以下。"
)
YEARS = document(
    "类别：餐饮；投诉量2024年：12件；投诉量2025年：14件。\n类别：网购；投诉量2024年：20件；投诉量2025年：9件。"
)
PART = document("站点：甲；客流：12万人。\n站点：乙；客流：暂无统计。\n站点：丙；客流：9万人。")

DECISIONS = document(
    "文号：岭卫罚〔2025〕3号；当事人：平安诊所；罚款：2,000.00元；办案机构：东岭站。\n"
    "文号：岭卫罚〔2025〕8号；当事人：康泰诊所；罚款：5,500.00元；办案机构：执法大队。"
)
DITCHES = document(
    "一、干渠；序号：1；渠道：东干渠；管护类型：甲类；投资：240万元。\n一、干渠；序号：2；渠道：西干渠；管护类型：乙类；投资：190万元。\n"
    "二、支渠；序号：3；渠道：柳支渠；管护类型：丙类；投资：52万元。\n二、支渠；序号：4；渠道：桥支渠；管护类型：丙类；投资：61万元。"
)
HONEY = document(
    "特产；项目：蜂蜜产量；2022年：31吨；2023年：28吨；2024年：40吨。\n特产；项目：木耳产量；2022年：9吨；2023年：见注；2024年：7吨。"
)
VISITS = document(
    "景区：古镇；2024年合计：11.30；2025年合计：14.05；2025年其中单日：2.31；2025年最高日：10月4日；单位：万人次。\n"
    "景区：湖区；2024年合计：7.86；2025年合计：9.42；2025年其中单日：2.57；2025年最高日：10月3日；单位：万人次。\n"
    "景区：全市合计；2024年合计：19.16；2025年合计：23.47；2025年其中单日：—；2025年最高日：—；单位：万人次。"
)
LETTERS = document(
    "地区：东乡；件次2025年：29；件次2026年：28；答复率：97.8%。\n地区：西镇；件次2025年：52；件次2026年：45；答复率：96.3%。"
)
HYDRANTS = document(
    "道路：砚山路；最低水压：0.26；水：3；河长：顾明。\n道路：城东路；最低水压：0.28；水：9；河长：闵佳。\n"
    "道路：窑前路；最低水压：0.15；水：11；河长：路川。"
)
STRETCHES = document(
    "河流：砚溪河；全长：24公里；河段：青石段；长度：9.2公里。\n河流：砚溪河；全长：24公里；河段：南窑段；长度：7.3公里。\n"
    "河流：北渡河；全长：11公里；河段：北渡段；长度：11公里。"
)
BRIDGES = document("桥梁：东桥；全长：320米；桥面宽：12米。\n桥梁：西桥；全长：150米；桥面宽：20米。")
WAGES = document("村：东村；户：300；人：900。\n村：西村；户：200；人：1100。")
CANTEENS = document(
    "食堂：一食堂；位置：东区。\n食堂：二食堂；位置：西区。\n\n楼栋：1号楼；价格：800元。\n楼栋：2号楼；价格：1200元。"
)
FAIRS = document(
    "场次：上午场；时间：9点。\n场次：下午场；时间：14点。\n\n班次：焊工班；人数：45。\n班次：电工班；人数：30。"
)
COURSES = document(
    "工种：焊工；培训地点：实训基地；计划人数：25。\n工种：电商；培训地点：创业中心；计划人数：50。\n"
    "工种：护理；培训地点：实训基地；计划人数：30。"
)
SESSIONS = document(
    "场次：主会场；岗位数：1860个。\n场次：分会场；岗位数：640个。\n\n企业：甲厂；工种：焊工；人数：40。\n"
    "企业：乙厂；工种：钳工；人数：25。"
)
DAYS = document("日期：周六；天气：晴；客流：5万人。\n日期：周日；天气：雨；客流：3万人。")
POSTS = document(
    "企业：甲厂；岗位：叉车工；人数：15；月薪：8000元。\n企业：乙厂；岗位：包装工；人数：40；月薪：6500元。"
)

FLATS = document(
    "小区：清荷园；一居室面积：38平方米；一居室月租金：8.4元/平方米；一居室空置：12套；物业费：0.9元/平方米。\n"
    "小区：石桥公寓；一居室面积：32平方米；一居室月租金：11.5元/平方米；一居室空置：7套；物业费：1.5元/平方米。\n"
    "小区：港务新居；一居室面积：37平方米；一居室月租金：6.2元/平方米；一居室空置：54套；物业费：0.6元/平方米。"
)
LINES = document(
    "线路：东线；里程：12；票价：3元；日均人次：1800；延误人次：31。\n线路：西线；里程：30；票价：2元；日均人次：900；延误人次：40。"
)
CLASSES = document("班次：焊工班；计划人数：45；实际到课人数：30。\n班次：电工班；计划人数：30；实际到课人数：28。")
CASES = document(
    "乡镇：云镇；监察立案2024年：52；监察立案2025年：61；追回工资2025年：90万元；仲裁受理2025年：70。\n"
    "乡镇：栎镇；监察立案2024年：20；监察立案2025年：36；追回工资2025年：30万元；仲裁受理2025年：22。\n"
    "乡镇：石镇；监察立案2024年：18；监察立案2025年：9；追回工资2025年：12万元；仲裁受理2025年：7。\n"
    "乡镇：合计；监察立案2024年：90；监察立案2025年：106；追回工资2025年：132万元；仲裁受理2025年：99。"
)
FIGURES = document(
    "指标：改造小区；计量单位：个；2024年：20；2025年：24；增减：20%。\n"
    "指标：加装电梯；计量单位：台；2024年：50；2025年：75；增减：50%。\n"
    "指标：新房网签；计量单位：套；2024年：9000；2025年：8100；增减：-10%。"
)
TRADES = document(
    "工种：木工；单位：天；云埠市场：360元；比上季度：涨20元。\n工种：小工；单位：天；云埠市场：220元；比上季度：持平。\n"
    "工种：油漆工；单位：天；云埠市场：330元；比上季度：涨10元。\n工种：月嫂；单位：月；云埠市场：8600元；比上季度：涨300元。\n"
    "工种：挖掘机；单位：台班；云埠市场：1100元；比上季度：涨50元。"
)
GRADES = document(
    "缴费档次（元/年）：200；补贴2025年：30元；补贴2026年：40元；备注：限困难群体。\n缴费档次（元/年）：500；补贴2025年：65元；补贴2026年：80元；备注：新设。"
)
SKILLS = document("类别：建筑；职业（工种）：电工；课时：150。\n类别：服务；职业（工种）：育婴员；课时：80。")
RENTS = document("场地：甲厅；租金：900元/天。\n场地：乙厅；租金：2000元/月。")


CLASSES = document("期次：1；班名：茶艺班；名额：80。\n期次：2；班名：插花班；名额：45。")


def asked(question: str, of: Document, row: str) -> Finding:
    start = of.text.index(row)
    end = of.text.index("\n", start) if "\n" in of.text[start:] else len(of.text)
    return Finding(of, (of.text.split("\n")[0],), Span(start, end), None)


FINES = document(
    "序号：1；事由：占道；当事人单位：甲餐馆；处理：警告，罚款300元。\n序号：2；事由：噪声；当事人单位：乙工地；处理：罚款8000元。\n"
    "序号：3；事由：扬尘；当事人单位：丙公司；处理：责令改正。\n序号：4；事由：油烟；当事人单位：丁酒楼；处理：停业并罚款1.2万元。"
)
MIXED = document("当事人：甲餐馆；处理：罚款300元；备注：另罚200元。\n当事人：乙工地；处理：罚款500元；备注：无。")
MEALS = document("伙食点：东点；早餐：4元；送餐费：2元。\n伙食点：西点；早餐：5元；送餐费：1元。")
HOMES = document(
    "养老院：松鹤；护理费半失能：900元；护理费失能：1800元。\n养老院：金桂；护理费半失能：700元；护理费失能：2100元。"
)
PLOTS = document(
    "葬式：双穴；墓位价格本县户籍：9800；墓位价格非本县户籍：14700；单位：元。\n葬式：树葬；墓位价格本县户籍：1800；墓位价格非本县户籍：2700；单位：元。"
)
CROWD = document(
    "景点：湖区；国庆合计：7.86；国庆其中单日：1.57；单位：万人次。\n景点：古镇；国庆合计：11.30；国庆其中单日：1.20；单位：万人次。"
)
EXTRA_BUSES = document(
    "线路：7路；加开时刻：8:05、9:35；加开班次：2。\n线路：9路；加开时刻：8:00、8:50、9:40；加开班次：3。"
)


@pytest.mark.parametrize(
    ("question", "of", "line"),
    [
        ("哪条线加开班次最多", EXTRA_BUSES, "3 > 2：9路"),  # a line is called by its number, not by its times
        ("哪个仓库货位最多", YARDS, "1,150 > 900：二号仓"),
        ("三个仓库里头哪个位子最少", YARDS, "420 < 900：一号仓"),  # what stands before 数
        ("东片哪个仓库夜间租金最便宜", YARDS, "1元/天 < 2元/天：二号仓"),
        ("白天租金最贵的是哪个仓", YARDS, "9元/天 > 6元/天：二号仓"),  # a colon within a column's name
        ("谁家保管员工资最高", YARDS, "5—7万元 > 4—6万元：二号仓"),
        ("哪个岗位招的人最多", CODES, "10 > 2：司机"),  # a code is no figure
        ("25年哪类投诉最多", YEARS, "14件 > 9件：餐饮"),
        ("哪种葬式的墓位价格最低", PLOTS, "1800元 < 9800元：树葬"),  # of a column and its exception the first
        ("国庆哪个景点的人次最多", CROWD, "11.30万人次 > 7.86万人次：古镇"),  # nor a part of it
        ("2024年哪类投诉最多", YEARS, "20件 > 12件：网购"),
        ("2024年哪个仓库货位数最多", YARDS, "1,150 > 900：二号仓"),
        ("2025年接待人次合计最多的是哪个景区", VISITS, "14.05万人次 > 9.42万人次：古镇"),  # no total, and of all days
        ("2026年答复率最低的是哪个地区", LETTERS, "96.3% < 97.8%：西镇"),  # what names no year is of all
        ("月薪最高的是哪个岗", POSTS, "8000元 > 6500元：叉车工"),  # what 哪个 asks for, not the first column
        ("岗位哪个月薪最高", POSTS, "8000元 > 6500元：叉车工"),
        ("哪个企业要的人最多", POSTS, "40 > 15：乙厂"),
        ("这些里面哪个人数最多", POSTS, "40 > 15：乙厂"),  # no matter of its own
        ("哪天客流最大", DAYS, "5万人 > 3万人：周六"),
        ("哪天最忙", DAYS, "5万人 > 3万人：周六"),
        ("最低水压的数值最大的是哪条路", HYDRANTS, "0.28 > 0.26：城东路"),  # the name of a column asks for no least
        ("哪条路最低水压最低", HYDRANTS, "0.15 < 0.26：窑前路"),
        ("哪条路的水最多", HYDRANTS, "11 > 9：窑前路"),  # a column of one character
        ("哪座桥最长", BRIDGES, "320米 > 150米：东桥"),  # and not the widest
        ("砚溪河的青石、南窑哪一段最长", STRETCHES, "9.2公里 > 7.3公里：青石段"),  # 全长 tells them not apart
        ("培训班哪个计划人数最多", COURSES, "50 > 30：电商"),  # a 培训班 is no 培训地点
        ("哪个公租房小区一居室空得最多", FLATS, "54套 > 12套：港务新居"),  # a verb calls 空置, and 公租房 no 租金
        ("一居室月租金最贵的是哪个小区", FLATS, "11.5元/平方米 > 8.4元/平方米：石桥公寓"),
        ("哪条线路最贵", LINES, "3元 > 2元：东线"),
        ("哪条线路最远", LINES, "30 > 12：西线"),  # an adjective calls 里程
        ("监察立案增加最多的是哪个乡镇", CASES, "36 − 20 = 16 > 9：栎镇"),
        ("哪个乡镇监察立案增长最快", CASES, "（36 − 20）÷ 20 = 80% > 约17.3%：栎镇"),
        ("按百分比算哪个乡镇监察立案增加最多", CASES, "（36 − 20）÷ 20 = 80% > 约17.3%：栎镇"),
        ("哪个乡镇监察立案涨得最多（按增幅）", CASES, "（36 − 20）÷ 20 = 80% > 约17.3%：栎镇"),
        ("哪个乡镇监察立案下降最多", CASES, "18 − 9 = 9：石镇"),
        ("2025年监察立案最多的是哪个乡镇", CASES, "61 > 36：云镇"),  # the figure itself
        ("哪项指标增长最快", FIGURES, "50% > 20%：加装电梯"),  # in per cent, whatever the units
        ("哪项指标降幅最大", FIGURES, "-10%：新房网签"),
        ("按天计价的工种里哪个云埠市场最高", TRADES, "360元 > 330元：木工"),
        ("按天算哪个工种涨得最多", TRADES, "涨20元 > 涨10元：木工"),
        ("哪个档次补贴增加最多", GRADES, "80元 − 65元 = 15元 > 10元：500元/年"),  # called by a figure, and by no remark
        ("哪个工种课时最多", SKILLS, "150 > 80：电工"),  # what stands in brackets
        ("哪家被罚的钱最多", FINES, "1.2万元 > 8000元：丁酒楼"),  # among other words of a cell
        ("失能老人护理费最便宜的是哪家养老院", HOMES, "1800元 < 2100元：松鹤"),  # and not 半失能
        ("哪个伙食点的早饭最贵", MEALS, "5元 > 4元：西点"),
        ("下半年哪个班名额最多", CLASSES, "80 > 45：茶艺班"),  # 班名 ends within 名额
        ("哪家罚款最多", DECISIONS, "5,500.00元 > 2,000.00元：康泰诊所"),  # and no office that fines
        ("哪条的管护投资最多", DITCHES, "240万元 > 190万元：东干渠"),  # what stands behind 的 calls no rows
        ("支渠里头哪条投资最多", DITCHES, "61万元 > 52万元：桥支渠"),  # of the group alone
        ("22年到24年哪年采的蜂蜜最多", HONEY, "40吨 > 31吨：2024年"),  # a row across its years
        ("蜂蜜哪一年最少", HONEY, "28吨 < 31吨：2023年"),
        ("招聘会哪场岗位数最多", SESSIONS, "1860个 > 640个：主会场"),  # of another table of the document
    ],
)
def test_the_row_with_the_most_is_named_with_both_figures(question: str, of: Document, line: str) -> None:
    row = of.text.split("\n")[-1 if of is not YARDS else 1]
    found = most_of_a_column(digits(question), asked(question, of, row))
    assert found and found[0].line == line
    form, findings = found
    first = {one.citation: one.text for one in reversed(form.operands)}
    assert [one.short.of(one.document.text) for one in findings if one.short] == [first[n] for n in sorted(first)]


@pytest.mark.parametrize(
    ("question", "of"),
    [
        ("哪个仓库最大", YARDS),  # no column
        ("哪个仓库租金最高", YARDS),  # two columns
        ("2023年哪个仓库货位最多", YARDS),  # another year
        ("哪个站点客流最大", PART),  # one says nothing that can be compared
        ("哪个岗位年龄最大", CODES),  # bounds
        ("一号仓货位有多少", YARDS),  # does not ask for the most
        ("投诉里头哪一类景区人次最多", VISITS),  # most among something else
        ("哪个村贫困户最多", WAGES),  # 户 is no 贫困户
        ("哪个食堂最便宜", CANTEENS),  # the other table is of no canteens
        ("哪场招聘会人数最多", FAIRS),
        ("哪条河流最宽", BRIDGES),
        ("哪个小区一居室最多", FLATS),  # which column of a 一居室
        ("哪条线路最忙", LINES),  # two columns count the people
        ("哪个小区最贵", FLATS),  # the rent, or the fee
        ("哪个班人数最多", CLASSES),  # planned, or come; not the shorter name
        ("哪个乡镇仲裁受理增加最多", CASES),  # of one year only
        ("哪个乡镇追回工资增长最快", CASES),
        ("哪项指标增加最多", FIGURES),  # 台 and 套
        ("哪个工种云埠市场最高", TRADES),  # by the day, or the month
        ("哪个工种涨得最多", TRADES),
        ("哪个场地租金最高", RENTS),
        ("哪家被罚的钱最多", MIXED),  # in two columns
        ("哪年木耳产量最高", HONEY),  # one year says nothing
        ("2021年到2024年哪年蜂蜜最多", HONEY),  # a year that there is not
        ("哪个岗位补贴资金最高", POSTS),  # what there is most of is no column
    ],
)
def test_what_is_not_sure_is_not_computed(question: str, of: Document) -> None:
    assert most_of_a_column(digits(question), asked(question, of, of.text.split("\n")[1])) is None


@pytest.mark.parametrize(
    ("question", "kept"),
    [
        ("哪个仓库最大", False),
        ("哪个仓库建得最早", False),
        ("哪个仓库货位最多", True),
        ("三号仓在哪个片区", True),
        ("哪天最多等多久", True),
        ("最便宜的仓库多少钱", False),  # by day or by night
        ("三号仓租金最多几块钱", True),
        ("最近的一次是几号", True),
    ],
)
def test_one_row_is_not_quoted_for_which_is_the_most(question: str, kept: bool) -> None:
    found = asked(question, YARDS, YARDS.text.split("\n")[3])
    assert bool(in_the_right_cell(Question.of(question), Reading((found,), 0.9)).findings) is kept


def test_a_table_that_is_read_in_part_says_nothing_of_the_most() -> None:
    text = "\n".join(f"站点：第{number}站；客流：{number % 600}人。" for number in range(1, 700))
    table = Table(Span(0, len(text)), "", ("站点", "客流"), ())
    found = asked("哪个站点客流最大", replace(document(text), tables=(table,)), text.split("\n")[1])
    assert most_of_a_column(digits("哪个站点客流最大"), found) is None
    few = "\n".join(text.split("\n")[:300])
    found = asked(
        "哪个站点客流最大", replace(document(few), tables=(replace(table, span=Span(0, len(few))),)), few[:20]
    )
    assert most_of_a_column(digits("哪个站点客流最大"), found) is not None


def test_the_most_is_looked_for_in_all_tables_with_the_same_columns_but_for_one_that_is_named() -> None:
    track = "项目：{0}；选手：{1}；得分：{2}。\n项目：{0}；选手：{3}；得分：{4}。"
    text = "男子组\n\n{}\n\n女子组\n\n{}".format(
        track.format("跳远", "甘一", 82, "田二", 75), track.format("跳高", "申三", 91, "白四", 60)
    )
    scores = document(text.replace("项目：跳远；", "").replace("项目：跳高；", ""))
    found = Finding(scores, (), Span(*_line(scores.text, "甘一")), None)
    best = most_of_a_column(digits("哪个选手得分最高"), found)
    assert best is not None and best[0].verdict == "申三"
    named = most_of_a_column(digits("男子组哪个选手得分最高"), found)
    assert named is not None and named[0].verdict == "甘一"
    # The same two in both tables, as in those of two years: only the table that was read tells.
    years = document(scores.text.replace("申三", "甘一").replace("白四", "田二").replace("91", "55"))
    again = most_of_a_column(digits("哪个选手得分最高"), Finding(years, (), Span(*_line(years.text, "甘一")), None))
    assert again is not None and again[0].verdict == "甘一" and "75" in again[0].line


def _line(text: str, words: str) -> tuple[int, int]:
    place = text.index(words)
    return text.rfind("\n", 0, place) + 1, text.index("\n", place)


def test_of_two_editions_a_row_that_nobody_compared_does_not_tell_the_cheapest() -> None:
    now = document("项目：存车；单位：每天；收费：3元。\n项目：洗车；单位：每次；收费：20元。")
    before = replace(now, name="旧.txt", text=now.text.replace("3元", "2元"))
    quote = Span(0, now.text.index("\n"))
    rows = tuple(Finding(one, (), quote, Span(quote.end - 3, quote.end - 1)) for one in (now, before))
    told = Reading(rows, 0.8, contradictory=True)
    assert in_the_right_cell(Question.of("最便宜的车罩多少钱"), told).findings == ()
    assert in_the_right_cell(Question.of("存车一天多少钱"), told) == told
