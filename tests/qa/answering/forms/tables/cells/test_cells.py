"""The cell that answers is of the row and the column that the question names."""

import re

import pytest

from corpus.document import Span
from corpus.text.normalise import digits
from qa.answering.forms.tables.cells.certain import is_cell_named
from qa.answering.forms.tables.cells.choosing import in_the_right_cell, in_the_same_row
from qa.answering.forms.tables.cells.telling import said
from qa.answering.question.analysis import Question
from qa.answering.reader.base import Finding, Reading
from tests.support.doubles.toy import document

PARKING = document("""停车收费

车型 | 首小时 | 包月（元） | 押金
小型车 | 4元 | 200 | 50元
大型车 | 8元 | 450 | 50元
摩托车 | 1元 | 50 | 不收
""")
POOL = document("卡种 | 价格 | 有效期\n月卡 | 380元 | 1个月\n年卡 | 2600元 | 1年\n")
ELDERLY = document(
    "对象：老人；户籍：本市户籍，70周岁以上；公交：免费；地铁：免费。\n"
    "对象：老人；户籍：外地户籍，70周岁以上；公交：免费；地铁：半价。\n"
    "对象：老人；户籍：外地户籍，60至69周岁；公交：半价；地铁：全价。\n"
    "对象：现役军人；公交：免费；地铁：免费。"
)
NIGHTS = document("日期：2月18日（初二）；白班：覃立；夜班：鲍清。\n日期：2月19日（初三）；白班：莫川；夜班：乐文。")
CLOSING = document(
    "事项：注销登记（简易程序）；个体工商户：公示10天；有限责任公司：公示20天。\n"
    "事项：注销登记（一般程序）；个体工商户：公示30天；有限责任公司：公示45天。"
)
GRANTS = document(
    "品目：插秧机；区级累加一般购机者：3500；区级累加脱贫户、合作社：5000；单位：元。\n"
    "品目：烘干机；区级累加一般购机者：9000；区级累加脱贫户、合作社：12000；单位：元。"
)
CASES = document("类别：餐饮；每月：14件；2021年标准：12件。\n类别：网购；每月：9件；2021年标准：20件。")
STORES = document(
    "序号：1；片区：东片；仓库：一号仓；夜里租金：2元/天；货位：420个。\n"
    "序号：2；片区：东片；仓库：二号仓；夜里租金：1元/天；货位：1150个。\n"
    "序号：3；片区：西片；仓库：三号仓；夜里租金：3元/天；货位：900个。"
)
CROWDS = document(
    "级别：三级；密度：每平方米4人以上。\n级别：二级；密度：每平方米5人以上。\n级别：一级；密度：每平方米6人以上。"
)
AGES = document("年龄 | 每月\n80至89周岁 | 80元\n90至99周岁 | 200元\n")
BUSES = document("目的地 | 票价 | 里程\n宁川 | 85元 | 210公里\n宁川（高速） | 110元 | 195公里\n")
CHECKS = document("套餐 | 男 | 未婚女\n基础套餐 | 260元 | 280元\n标准套餐 | 520元 | 560元\n")
SENT = document(
    """年度：2023年；方向：澄浦派往莲溯；类别：医生；人数：18。
年度：2023年；方向：莲溯派往澄浦；类别：医生；人数：26。
年度：2023年；方向：澄浦派往莲溯；类别：教师；人数：17。
"""
)
CLAUSES = document("80至89周岁每人每月80元，90至99周岁每人每月200元。")
RATES = document(
    "项目：护理补贴；每月标准调整前：120元；每月标准调整后：150元。\n项目：生活补贴；每月标准调整前：100元；每月标准调整后：125元。"
)

PLANS = document(
    "项目：东仓；总投资：800万元；2024年计划投资：300万元；2024年完成投资：350万元。\n"
    "项目：西仓；总投资：900万元；2024年计划投资：200万元；2024年完成投资：150万元。"
)

GAS = document(
    "级别：第一级；2024年11月1日以前：2.28元；2024年11月1日起：2.41元。\n"
    "级别：第二级；2024年11月1日以前：2.73元；2024年11月1日起：2.88元。"
)

TICKETS = document(
    "票种：成人单次；周一至周五：35；周末：45；单位：元。\n"
    "票种：老人单次（满60周岁）；周一至周五：18；周末：25；单位：元。\n"
    "票种：月卡；周一至周五：380；周末：380；单位：元。"
)
HALLS = document(
    "项目：告别厅（大厅，200人）；东馆：900；西馆：不设；单位：元。\n"
    "项目：告别厅（中厅，80人）；东馆：500；西馆：400；单位：元。\n"
    "项目：告别厅（小厅，30人）；东馆：260；西馆：200；单位：元。\n"
    "项目：寄存（小格）；东馆：60；西馆：48；单位：元。"
)
RELIEF = document(
    "项目：最低生活保障；2025年：760；2026年：860；单位：元。\n项目：低保边缘家庭收入上限；2025年：1140；2026年：1290；单位：元。"
)
METERS = document(
    "类别：供水；项目：水表移位；规格：2米以内；收费标准居民：180；收费标准非居民：260；单位：元。\n"
    "类别：供水；项目：水表移位；规格：超过2米，每增加1米；收费标准居民：35；收费标准非居民：50；单位：元。\n"
    "类别：燃气；项目：超长管道；规格：超过2米，每增加1米；收费标准居民：65；收费标准非居民：80；单位：元。"
)
CARS = document("车型：小型汽车；一类区：5元；二类区：3元。\n车型：小型汽车（新能源）；一类区：2.5元；二类区：1.5元。")
RENTS = document(
    "小区（2032年）：湖滨新村西二区；月租金：8元；押金：300元。\n小区（2032年）：湖滨新村东一区；月租金：9元；押金：400元。"
)
BOILERS = document(
    "锅炉：2蒸吨以下；补贴：3万元。\n锅炉：2蒸吨以上、10蒸吨以下；补贴：8万元。\n锅炉：10蒸吨以上；补贴：16万元。"
)
ALARMS = document(
    "级别：三级；启动条件：300人以上、1,000人以下；批准：副县长。\n级别：二级；启动条件：1,000人以上、3,000人以下；批准：县长。"
)


def read(question: str, of: object, row: str, short: str) -> Finding | None:
    text = of.text  # type: ignore[attr-defined]
    start = text.index(row)
    place = text.index(short, start)
    found = Finding(of, (), Span(start, start + len(row)), Span(place, place + len(short)))  # type: ignore[arg-type]
    reading = in_the_right_cell(Question.of(question), Reading((found,), 0.9))
    return reading.findings[0] if reading.findings else None


SCRAPPED = document(
    "旧车：电动货车载重1吨以下；补贴：6000元。\n旧车：电动货车载重1吨以上；补贴：11000元。\n旧车：柴油皮卡；补贴：4000元。\n旧车：摩托车；补贴：300元。"
)
NURSING = document(
    "院：一院；地址：松云路19号；护理费自理：300；护理费半失能：900；护理费失能：1600；单位：元/月。\n院：二院；地址：桂花路7号；护理费自理：280；护理费半失能：850；护理费失能：1500；单位：元/月。"
)
CHECKED = document(
    "小区：竹林里；日期：10月9日至17日；安检员：施炳文。\n小区：桃源里；日期：10月18日至25日；安检员：沐春。"
)
OFFICES = document(
    "厅：墨池厅；工作日上午：8:30—12:00；工作日下午：13:30—17:00；星期六：9:00—12:00。\n厅：石桥厅；工作日上午：9:00—12:00；工作日下午：14:00—17:00；星期六：10:00—12:00。"
)
CANTEENS = document(
    "食堂：北苑；午餐一荤两素：12元；午餐时间：11:00—12:30；晚餐：11元。\n食堂：南苑；午餐一荤两素：10元；午餐时间：11:30—13:00；晚餐：9元。"
)
SEATS = document(
    "科室：骨科；专家：纪若谷；出诊时间上午：周二、周四；出诊时间下午：周二。\n科室：儿科；专家：柏舟遥；出诊时间上午：周一至周四；出诊时间下午：不出诊。"
)
JOBS = document(
    "镇：双磨镇；到港就业合计：368人；到港就业其中女性：139人；车间个数：6；车间吸纳：248人。\n镇：石笕镇；到港就业合计：210人；到港就业其中女性：88人；车间个数：2；车间吸纳：90人。"
)
SHARES = document(
    "病种：糖尿病；城乡居民医保支付比例：65%；职工医保支付比例：80%。\n病种：高血压；城乡居民医保支付比例：60%；职工医保支付比例：75%。"
)
DEEDS = document(
    "事项：抵押；登记费住宅：80元；登记费非住宅：550元。\n事项：查封；登记费住宅：免收；登记费非住宅：免收。"
)
CARDS = document(
    "事项：补办；普通件时限：5个工作日；普通件费用：20元；加急件时限：当天；加急件费用：60元。\n事项：换领；普通件时限：3个工作日；普通件费用：10元；加急件时限：2小时；加急件费用：40元。"
)
INNS = document("名称：松涛园；价格：450元；电话：6613109。\n名称：柳下居；价格：380元；电话：6613110。")
TRIPS = document(
    "类别：湖上；项目：快艇；等级：4A；成人：90；儿童：60；说明：风力7级停运；单位：元。\n类别：湖上；项目：画舫；等级：3A；成人：60；儿童：30；说明：半小时；单位：元。"
)
BIG, BIKE, YEAR = "大型车 | 8元 | 450 | 50元", "摩托车 | 1元 | 50 | 不收", "年卡 | 2600元 | 1年"


@pytest.mark.parametrize(
    ("question", "of", "row", "short", "answer"),
    [
        ("大型车包月多少钱", PARKING, BIG, "8元", "450元"),  # the column that is named
        ("大型车首小时多少钱", PARKING, BIG, "8元", "8元"),
        ("大型车停车多少钱", PARKING, BIG, "8元", "首小时8元，包月450元，押金50元"),  # no column is: all that fit
        (
            "快艇多少钱",
            TRIPS,
            TRIPS.text.split("\n")[0],
            "90",
            "成人90元，儿童60元",
        ),  # a grade and a wind are no prices
        ("快艇多少钱", TRIPS, TRIPS.text.split("\n")[0], "元", "成人90元，儿童60元"),  # the unit alone was read
        ("快艇 for an adult 多少钱", TRIPS, TRIPS.text.split("\n")[0], "90", "90元"),  # a column called in English
        ("快艇 for two kids 多少钱", TRIPS, TRIPS.text.split("\n")[0], "90", "60元"),
        ("电动货车报废补贴多少", SCRAPPED, SCRAPPED.text.split("\n")[0], "6000元", ""),  # either of two
        ("电动货车载重3吨报废补贴多少", SCRAPPED, SCRAPPED.text.split("\n")[0], "6000元", "11000元"),
        ("柴油皮卡报废补贴多少", SCRAPPED, SCRAPPED.text.split("\n")[2], "4000元", "4000元"),
        (
            "换领加急件多久办好",
            CARDS,
            CARDS.text.split("\n")[1],
            "3个工作日",
            "2小时",
        ),  # the group of columns that is named
        ("补办加急件多久办好", CARDS, CARDS.text.split("\n")[0], "5个工作日", "当天"),
        ("换领普通件多久办好", CARDS, CARDS.text.split("\n")[1], "3个工作日", "3个工作日"),
        ("抵押的登记费多少", DEEDS, DEEDS.text.split("\n")[0], "550元", "登记费住宅80元，登记费非住宅550元"),
        ("一院失能护理费多少", NURSING, NURSING.text.split("\n")[0], "300", "1600元/月"),  # all said, and not 半失能
        (
            "一院护理费多少",
            NURSING,
            NURSING.text.split("\n")[0],
            "1600",
            "护理费自理300元/月，护理费半失能900元/月，护理费失能1600元/月",
        ),  # an address is no price
        ("竹林里几号安检", CHECKED, CHECKED.text.split("\n")[0], "10月9日至17日", "10月9日至17日"),  # and not who
        ("竹林里安检员是谁", CHECKED, CHECKED.text.split("\n")[0], "10月9日至17日", "施炳文"),
        (
            "墨池厅礼拜六几点开门",
            OFFICES,
            OFFICES.text.split("\n")[0],
            "8:30—12:00",
            "9:00—12:00",
        ),  # the weekday's column
        ("北苑晚饭多少钱", CANTEENS, CANTEENS.text.split("\n")[0], "12元", "11元"),  # of two prices the one of the meal
        ("骨科周四下午谁坐诊", SEATS, SEATS.text.split("\n")[0], "纪若谷", "纪若谷"),  # who, and not when
        ("骨科下午什么时候出诊", SEATS, SEATS.text.split("\n")[0], "周二、周四", "周二"),
        ("双磨镇到港就业多少人", JOBS, JOBS.text.split("\n")[0], "368人", "到港就业合计368人，到港就业其中女性139人"),
        (
            "糖尿病职工和居民的支付比例多少",
            SHARES,
            SHARES.text.split("\n")[0],
            "65%",
            "城乡居民医保支付比例65%，职工医保支付比例80%",
        ),
        ("换领多久办好", CARDS, CARDS.text.split("\n")[1], "3个工作日", "3个工作日"),
        ("摩托车押金多少钱", PARKING, BIKE, "1元", "不收"),
        ("小型车包月多少钱", PARKING, BIG, "450", "200元"),  # the row that is named
        ("停车包月多少钱", PARKING, BIG, "450", ""),  # no row is
        ("去宁川多少公里", BUSES, "宁川（高速） | 110元 | 195公里", "195公里", ""),  # two rows are called so
        ("去宁川走高速多少公里", BUSES, "宁川（高速） | 110元 | 195公里", "195公里", "195公里"),
        ("基础套餐男的多少钱", CHECKS, "基础套餐 | 260元 | 280元", "280元", "260元"),
        ("2023年澄浦派往莲溯的医生多少人", SENT, SENT.text.split("\n")[0], "18", "18"),
        ("2023年派出医生多少人", SENT, SENT.text.split("\n")[0], "18", ""),  # there are two such rows
        ("大型车停车有没有优惠", PARKING, BIG, "8元", "8元"),  # asks for no amount
        ("哪种车包月450", PARKING, BIG, "大型车", "大型车"),
        ("有月卡吗", POOL, "月卡 | 380元 | 1个月", "380元", "380元"),
        ("85岁每月多少", AGES, "90至99周岁 | 200元", "200元", "80元"),  # the case that the figure falls into
        ("二号仓夜里租金多少", STORES, STORES.text.split("\n")[0], "2元/天", "1元/天"),  # named by its third cell
        ("二号仓是哪个片区的", STORES, STORES.text.split("\n")[1], "东片", "东片"),
        ("初三夜班哪个值", NIGHTS, NIGHTS.text.split("\n")[0], "鲍清", "乐文"),  # what stands in brackets
        ("有限公司简易注销公示多少天", CLOSING, CLOSING.text.split("\n")[0], "公示10天", "公示20天"),
        (
            "合作社买插秧机区级累加多少",
            GRANTS,
            GRANTS.text.split("\n")[0],
            "3500",
            "5000元",
        ),  # words apart from each other
        ("外地70多岁的老人坐地铁要不要票", ELDERLY, ELDERLY.text.split("\n")[0], "免费。", "半价"),
        ("2026年起餐饮多少件", CASES, CASES.text.split("\n")[0], "14件", "14件"),  # of another year
        ("外地72岁的老人坐地铁要不要票", ELDERLY, ELDERLY.text.split("\n")[0], "免费。", "半价"),  # which of the two
        ("每平方米5个人是几级", CROWDS, "级别：三级；密度：每平方米4人以上。", "三级", "二级"),  # of limits the nearest
        ("每平方米7个人是几级", CROWDS, "级别：三级；密度：每平方米4人以上。", "三级", "一级"),
        ("每平方米4个人是几级", CROWDS, "级别：三级；密度：每平方米4人以上。", "三级", "三级"),
        ("79岁每月多少", AGES, "90至99周岁 | 200元", "200元", "200元"),  # no row is of it
        ("85岁每月多少", CLAUSES, CLAUSES.text, "每人每月200元", "每人每月80元"),
        ("120岁每月多少", CLAUSES, CLAUSES.text, "每人每月200元", ""),
        ("护理补贴每月多少", RATES, RATES.text.split("\n")[0], "150元", "150元"),  # of two times the last
        ("护理补贴每月多少", RATES, RATES.text.split("\n")[0], "120元", "每月标准调整前120元，每月标准调整后150元"),
        ("东仓2024年的计划投资是多少", PLANS, PLANS.text.split("\n")[0], "800万元", "300万元"),  # 的 within the name
        ("2024年11月以前第一级多少钱", GAS, GAS.text.split("\n")[0], "2.41元", "2.28元"),
        ("2024年11月起第一级多少钱", GAS, GAS.text.split("\n")[0], "2.28元", "2.41元"),
        ("护理补贴调整前每月多少", RATES, RATES.text.split("\n")[0], "150元", "120元"),
        (
            "周末成人游一次多少钱",
            TICKETS,
            TICKETS.text.split("\n")[1],
            "25",
            "45元",
        ),  # words of another row's name alone
        ("周末老人游一次多少钱", TICKETS, TICKETS.text.split("\n")[1], "25", "25元"),
        ("西馆小告别厅多少钱", HALLS, HALLS.text.split("\n")[1], "400", "200元"),  # a character before the name
        (
            "2025年低保多少钱",
            RELIEF,
            RELIEF.text.split("\n")[0],
            "760",
            "",
        ),  # an abbreviation of one, a part of the other
        # another row that has a whole cell of the question, and a column that is not denied
        ("居民水表移位超过2米的，每增加1米收多少钱", METERS, METERS.text.split("\n")[0], "180", "35元"),
        ("非居民水表移位2米以内多少钱", METERS, METERS.text.split("\n")[0], "180", "260元"),
        ("一类区新能源小型汽车停车多少钱", CARS, CARS.text.split("\n")[1], "2.5元", "2.5元"),
        ("20蒸吨的锅炉补多少钱", BOILERS, BOILERS.text.split("\n")[0], "3万元", "16万元"),
        ("转移了1,500人是几级响应", ALARMS, ALARMS.text.split("\n")[0], "三级", "二级"),
    ],
)
def test_what_is_said_is_of_the_row_and_the_column_asked_for(
    question: str, of: object, row: str, short: str, answer: str
) -> None:
    found = read(question, of, row, short)
    assert found is not None and said(found) == answer


@pytest.mark.parametrize(
    ("head", "cell", "answer"),
    [
        ("补贴标准（元/月）", "1500", "1500元/月"),
        ("投资(万元)", "1,200.5", "1,200.5万元"),
        ("占比（%）", "21.3", "21.3%"),
        ("收费（单位：元）", "35", "35元"),
        ("人数（人）", "8人", "8人"),  # the cell says it
        ("月薪（税前）", "4500", "4500"),  # no unit
        ("押金（元）", "不收", "不收"),
        ("月薪", "4500", "4500"),
    ],
)
def test_a_cell_alone_is_said_with_the_unit_of_its_column_and_marked_without_it(
    head: str, cell: str, answer: str
) -> None:
    of = document(f"岗位 | {head} | 备注\n电工 | {cell} | 无\n焊工 | 1 | 无\n")
    found = read("电工是多少", of, f"电工 | {cell} | 无", cell)
    assert found is not None and found.short is not None
    assert found.short.of(of.text) == cell and said(found) == answer


@pytest.mark.parametrize(
    ("above", "head", "answer"),
    [
        ("单位：万元", "2024年", "88万元"),
        ("本表自7月起执行。单位：元/人·月", "标准", "88元/人·月"),
        ("单位：万元、人", "2024年", "88"),  # which of them is not said
        ("单位：万元", "参保人数", "88"),  # a column of something else
        ("主管单位：民政局", "标准", "88"),
        ("", "标准", "88"),
    ],
)
def test_a_unit_above_the_table_is_said_of_its_amounts(above: str, head: str, answer: str) -> None:
    of = document(f"救助标准表\n{above}\n\n类别 | {head}\n城市低保 | 88\n农村低保 | 70\n")
    found = read("城市低保是多少", of, "城市低保 | 88", "88")
    assert found is not None and said(found) == answer


@pytest.mark.parametrize(
    ("stated", "answer"),
    [("单位：家", "88家"), ("单位：元/人·月", "88元/人·月"), ("单位：民政局", "88"), ("备注：家", "88")],
)
def test_a_unit_that_the_row_states_is_said_of_its_amounts(stated: str, answer: str) -> None:
    row = f"类别：城市低保；{stated}；2023年：70；2024年：88。"
    of = document(f"救助标准表\n\n{row}\n{row.replace('城市', '农村')}\n")
    found = read("城市低保2024年是多少", of, row, "88")
    assert found is not None and said(found) == answer


def test_the_unit_of_the_row_precedes_that_above_the_table() -> None:
    row = "指标：企业；单位：家；2023年：70；2024年：88。"
    of = document(f"指标表\n单位：万元\n\n{row}\n{row.replace('企业', '商户')}\n")
    found = read("企业2024年是多少", of, row, "88")
    assert found is not None and said(found) == "88家"


def test_a_row_is_put_right_within_a_quotation_of_several_rows_too() -> None:
    rows = "\n".join(PARKING.text.split("\n")[2:6])
    found = read("摩托车包月多少钱", PARKING, rows, "200")
    assert found is not None and said(found) == "50元"


def test_a_name_within_a_longer_word_is_another_name() -> None:
    assert read("年卡多少钱", POOL, YEAR, "2600元") is not None
    assert read("半年卡多少钱", POOL, YEAR, "2600元") is None


def test_where_no_row_is_named_the_whole_table_is_quoted() -> None:
    found = read("停车包月多少钱", PARKING, BIG, "450")
    assert found is not None and found.short is None
    assert found.quote.of(PARKING.text).split("\n")[0::3] == [
        "车型 | 首小时 | 包月（元） | 押金",
        "摩托车 | 1元 | 50 | 不收",
    ]


def test_what_names_the_columns_does_not_answer() -> None:
    found = read("停车怎么收费", PARKING, "车型 | 首小时 | 包月（元） | 押金", "首小时")
    assert found is not None and found.short is None and "摩托车" in found.quote.of(PARKING.text)


def test_words_of_the_cell_itself_are_asked_for() -> None:
    of = document("卡种 | 有效期 | 备注\n年卡 | 1年 | 赠送储物柜\n月卡 | 1个月 | 无\n")
    found = read("年卡有效期内送不送储物柜", of, "年卡 | 1年 | 赠送储物柜", "赠送储物柜")
    assert found is not None and said(found) == "赠送储物柜"


TOWS = document("车型：两轮摩托车；起步价：80元。\n车型：小型车；起步价：260元。\n车型：中型货车；起步价：480元。")
LEAVES = document(
    "外出时间：不超过三日；谁批准：司法所。\n外出时间：四日至七日；谁批准：所长。\n外出时间：八日至三十日；谁批准：县局。"
)
SCOPES = document("项目：无痛胃镜；单价：720元。\n项目：普通胃镜；单价：260元。\n项目：电子支气管镜；单价：480元。")
SHIFTS = document("日期：12月1日；值班员：苗禾。\n日期：12月2日；值班员：邵青。")


@pytest.mark.parametrize(
    ("question", "of", "row", "short", "answer"),
    [
        ("两轮摩托叫人拖，起步价多少", TOWS, "车型：两轮摩托车；起步价：80元。", "80元", "80元"),
        ("三轮摩托叫人拖，起步价多少", TOWS, "车型：两轮摩托车；起步价：80元。", "80元", None),
        ("外出五天谁批准", LEAVES, "外出时间：八日至三十日；谁批准：县局。", "县局", "所长"),
        ("无痛肠镜多少钱", SCOPES, "项目：无痛胃镜；单价：720元。", "720元", None),
        ("无痛未镜多少钱", SCOPES, "项目：无痛胃镜；单价：720元。", "720元", "720元"),  # a slip of like sound
        ("无痛胃镜多少钱", SCOPES, "项目：无痛胃镜；单价：720元。", "720元", "720元"),
        ("无痛的胃镜多少钱", SCOPES, "项目：无痛胃镜；单价：720元。", "720元", "720元"),
        ("12月20日谁值班", SHIFTS, "日期：12月1日；值班员：苗禾。", "苗禾", None),
        ("12月1日谁值班", SHIFTS, "日期：12月1日；值班员：苗禾。", "苗禾", "苗禾"),
    ],
)
def test_a_row_whose_name_is_only_like_what_is_asked_for_answers_nothing(
    question: str, of: object, row: str, short: str, answer: str | None
) -> None:
    found = read(question, of, row, short)
    assert (said(found) if found else None) == answer


BASES = document(
    "单位：企业；2024年度（2024.7—2025.6）比例：8%；2024年度（2024.7—2025.6）上限：26,850元。\n"
    "单位：企业；2025年度（2025.7—2026.6）比例：7%；2025年度（2025.7—2026.6）上限：27,960元。\n"
    "单位：个人；2024年度（2024.7—2025.6）比例：16%；2024年度（2024.7—2025.6）上限：13,425元。\n"
    "单位：个人；2025年度（2025.7—2026.6）比例：18%；2025年度（2025.7—2026.6）上限：13,980元。\n"
)


@pytest.mark.parametrize(
    ("question", "answer"), [("个人2025年度上限多少", "13,980元"), ("个人2024年度上限多少", "13,425元")]
)
def test_a_row_told_in_two_statements_answers_from_the_one_whose_columns_are_named(question: str, answer: str) -> None:
    found = read(question, BASES, BASES.text.split("\n")[2], "13,425元")
    assert found and said(found) == answer


def test_a_later_part_of_a_question_is_answered_from_the_row_of_the_first() -> None:
    levels = document("级别：较大；人数：30人至99人；时限：1小时。\n级别：一般；人数：3人至29人；时限：2小时。")
    first, second = (Span(*match.span()) for match in re.finditer(r"[^\n]+", levels.text))
    before, found = (
        Finding(levels, (), first, Span(3, 5)),
        Finding(levels, (), second, Span(second.end - 4, second.end - 1)),
    )
    moved = in_the_same_row(digits("第一次要多久之内报告"), found, before)
    assert (moved.quote, said(moved)) == (first, "1小时")
    assert in_the_same_row(digits("一般的多久报告"), found, before) == found


def test_a_name_in_brackets_that_is_only_like_the_one_asked_for_is_another_name() -> None:
    row = HALLS.text.split("\n")[3]
    assert read("西馆寄存小格多少钱", HALLS, row, "48") is not None
    assert read("西馆寄存大格多少钱", HALLS, row, "48") is None
    night = "项目：夜班补贴（月）；金额：300元。"
    assert read("夜班补贴多少", document(f"{night}\n{night.replace('夜班', '高温')}"), night, "300元") is not None


def test_persons_are_called_by_what_they_are_alone() -> None:
    low = "类别：低收入者；补贴：120元。"
    of = document(f"{low}\n类别：失业人员；补贴：80元。")
    assert read("低收入每月补贴多少", of, low, "120元") is not None
    assert read("低收益者一个月补贴多少", of, low, "120元") is None  # others


def test_a_price_of_a_meal_tells_no_hours_of_it() -> None:
    row = CANTEENS.text.split("\n")[0]
    assert read("北苑晚饭几点", CANTEENS, row, "11:00—12:30") is None
    assert read("北苑午饭几点", CANTEENS, row, "11:00—12:30") is not None


@pytest.mark.parametrize(
    ("question", "row", "other"),
    [
        ("没有本地户籍的小孩几号报名", "类别：随迁子女；报名：6月10日。", "类别：本地户籍儿童；报名：6月1日。"),
        ("带小孩的大人多少钱", "类别：成人票；价格：35元。", "类别：小孩票；价格：15元。"),
    ],
)
def test_what_is_denied_or_along_names_no_other_row(question: str, row: str, other: str) -> None:
    found = read(question, document(f"{row}\n{other}"), row, row.rpartition("：")[2].rstrip("。"))
    assert found is not None and row in found.quote.of(found.document.text)
    assert found.short is None or found.short.start < found.document.text.index(other)


@pytest.mark.parametrize(
    ("question", "of", "row", "short", "sure"),
    [
        ("西仓总投资多少", PLANS, 1, "900万元", True),
        ("二号仓货位几个", STORES, 1, "1150个", True),
        ("二号仓货位几个", STORES, 0, "420个", True),  # put into the row that is named
        ("二号仓货位几个", STORES, 1, "1元/天", True),  # and the column
        ("二号仓的叉车货位几个", STORES, 1, "1150个", False),  # says something else as well
        ("二号仓多少", STORES, 1, "1150个", False),  # no column
        ("松涛园订房电话", INNS, 0, "6613109", True),  # what any telephone of an inn is for
        ("松涛园投诉电话", INNS, 0, "6613109", False),
        ("湖滨新村东一区的月租金多少", RENTS, 1, "9元", True),
        ("2023年湖滨新村东一区的月租金多少", RENTS, 1, "9元", False),  # a year that the row does not name
        ("湖滨新村东一区的月租金涨了多少", RENTS, 1, "9元", False),  # what is to be computed
        ("货位几个", STORES, 1, "1150个", False),  # no row
        ("二号仓货位够不够1150个", STORES, 1, "1150个", False),
    ],
)
def test_a_question_of_the_names_of_a_row_and_a_column_alone_is_sure_of_the_cell(
    question: str, of: object, row: int, short: str, sure: bool
) -> None:
    found = read(question, of, of.text.split("\n")[row], short)  # type: ignore[attr-defined]
    assert found is not None
    assert is_cell_named(Question.of(question).search, Reading((found,), 0.1)) is sure
