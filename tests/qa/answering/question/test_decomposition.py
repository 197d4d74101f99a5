"""Questions that ask for several things are taken apart, and only those."""

import pytest

from qa.answering.question.decomposition import parts


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("学校什么时候建的，谁来奠基的？", ("学校什么时候建的？", "学校谁来奠基的？")),
        ("人口和面积分别是多少", ("人口是多少？", "面积是多少？")),
        ("2020年和2021年的产值分别是多少？", ("2020年的产值是多少？", "2021年的产值是多少？")),
        ("友谊学校奠基和回信分别是什么时候？", ("友谊学校奠基是什么时候？", "友谊学校回信是什么时候？")),
        ("去年以来，来了几批人？带来了什么项目？", ("去年以来，来了几批人？", "去年以来带来了什么项目？")),
        ("友谊学校什么时候开学，那里有多少学生？", ("友谊学校什么时候开学？", "友谊学校有多少学生？")),
        ("住院费好久报销，报好多", ("住院费好久报销？", "住院费报好多？")),
        ("居住证几天能好，收费吗", ("居住证几天能好？", "居住证收费吗？")),
        ("涪陵生产总值2017和2021年分别是多少", ("涪陵生产总值2017年是多少？", "涪陵生产总值2021年是多少？")),
        ("2019、2020和2021年出生率各是多少", ("2019年出生率是多少？", "2020年出生率是多少？", "2021年出生率是多少？")),
        ("校车多少钱，那校车几点呢", ("校车多少钱？", "校车几点？")),
        ("食堂几点开门，要不要预约？", ("食堂几点开门？", "食堂要不要预约？")),
        ("庙会几时开、在哪条街、要不要票", ("庙会几时开？", "庙会在哪条街？", "庙会要不要票？")),
        (
            "请说两个数：老馆来了几人、新馆花了多少",
            ("请说两个数：老馆来了几人？", "请说两个数：新馆花了多少？"),
        ),
        (
            "我想问一下：图书证丢了怎么办？补办要多少钱？",
            ("我想问一下：图书证丢了怎么办？", "我想问一下：图书证丢补办要多少钱？"),
        ),
        (
            "您好，咨询一下：外来人员怎么入学，缴费多少",
            ("您好，咨询一下：外来人员怎么入学？", "您好，咨询一下：外来人员缴费多少？"),
        ),
        ("请教一下各位：年票怎么退？要多久到账？", ("请教一下各位：年票怎么退？", "请教一下各位：年票要多久到账？")),
        ("想了解两件事：年票怎么退、多少钱", ("想了解两件事：年票怎么退？", "想了解两件事：年票多少钱？")),
        ("请问：年票要什么材料、什么时候办", ("请问：年票要什么材料？", "请问：年票什么时候办？")),
        ("关于探亲假：怎么申请，能休多久", ("关于探亲假：怎么申请？", "关于探亲假：能休多久？")),
        ("水费怎么交、电费怎么交、网费怎么交", ("水费怎么交？", "电费怎么交？", "网费怎么交？")),
        ("青坪镇水费怎么交、电费怎么交", ("青坪镇水费怎么交？", "青坪镇电费怎么交？")),
        ("养老金什么时候发、公交卡怎么用", ("养老金什么时候发？", "公交卡怎么用？")),
        ("姓名是什么、电话是多少", ("姓名是什么？", "电话是多少？")),
        ("公租房在哪申请、租金多少", ("公租房在哪申请？", "公租房租金多少？")),
        ("低保怎么申请、申请表在哪领", ("低保怎么申请？", "低保申请表在哪领？")),
        ("借书证怎么办、密码怎么改", ("借书证怎么办？", "借书证密码怎么改？")),
        ("能不能报销、报多少、怎么报", ("能不能报销、报多少？", "报销怎么报？")),
        ("照片、表格要几份、去哪里交？", ("照片、表格要几份？", "照片、表格去哪里交？")),
        ("借书证要哪些材料、证件，几天办好", ("借书证要哪些材料、证件？", "借书证几天办好？")),
    ],
)
def test_each_thing_asked_becomes_a_question_of_its_own(question: str, asked: tuple[str, ...]) -> None:
    assert tuple(part.whole for part in parts(question)) == asked


def test_the_second_thing_asked_in_english_is_looked_up_with_what_the_first_is_about() -> None:
    first, second = parts("Who laid the stone and when was it?")
    assert first.whole == "Who laid the stone?"
    assert "stone" in second.whole and "when" in second.whole


@pytest.mark.parametrize(
    "question",
    [
        "浙江和涪陵合作了多少年？",
        "请列出哪些企业来了，全部都要。",
        "《什么，多少》讲了什么？",
        "有没有结对子，结了几对？",
        "三个变化分别是什么？",
        "好久没见医生来村里，为什么？",
        "2021年比2017年多多少？",
        "停车要钱吗，在哪停",
        "几点开门，你知道吗？",
        "那几辆送水车，后来修好没有啊",
        "办卡的几个网点，哪个关门最晚",
        "照片、表格要几份",
        "青坪、石桥两镇有多少人",
        "接下来会由谁、怎么处理",
        "几栋楼里先查哪栋、再查哪栋、最后查哪栋",
        "在哪里、怎么办理借书证",
        "《什么、多少》讲了什么？",
        "两兄弟会不会一个去、一个去不了",
        "",
    ],
)
def test_one_question_stays_one(question: str) -> None:
    assert parts(question) == ()


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("几号发准考证，在哪里领？还有带什么", ("几号发准考证", "在哪里领", "带什么")),
        ("请说两个数：老馆来了几人、新馆花了多少", ("老馆来了几人", "新馆花了多少")),
        ("咨询下：年票怎么退，去哪里退", ("年票怎么退", "去哪里退")),
        ("地点：哪里，时间：几点", ("地点：哪里", "时间：几点")),
        ("人口和面积分别是多少", ("人口", "面积")),
        ("涪陵生产总值2017和2021年分别是多少", ("2017年", "2021年")),
    ],
)
def test_a_part_is_called_by_the_words_it_is_asked_in(question: str, asked: tuple[str, ...]) -> None:
    assert tuple(part.asked for part in parts(question)) == asked


@pytest.mark.parametrize(
    ("question", "count"),
    [
        ("哪门课材料费最贵，要多少钱", 0),
        ("投诉最多的是哪一类，有多少件？", 0),
        ("哪门课材料费最贵，几点上课", 2),
        ("哪门课最贵，有多少人报名", 2),
    ],
)
def test_the_most_and_how_much_that_is_are_one_thing(question: str, count: int) -> None:
    assert len(parts(question)) == count


@pytest.mark.parametrize(
    ("question", "count"),
    [
        ("What is the phone number of Ms Wen, who is in charge of the tea fair?", 0),
        ("How much is the yearly card, which covers both pools?", 0),
        ("What is the fee, who pays it?", 2),
        ("When is the tea fair, where is it held?", 2),
        ("How much is the card and where do I get it?", 2),
    ],
)
def test_a_relative_clause_of_english_asks_nothing(question: str, count: int) -> None:
    assert len(parts(question)) == count


def test_no_part_is_left_out() -> None:
    assert len(parts("谁来了？" * 9)) == 9


@pytest.mark.parametrize(
    ("question", "fuller"),
    [
        ("云岭县护士招聘体检哪天、在哪集合？", "云岭县护士招聘体检在哪集合？"),
        ("借书证补办要多少钱，几天能拿？", "借书证补办要几天能拿？"),
        ("城东公园灯会哪天开、在哪办？", ""),  # nothing is left out
        ("水费怎么交、电费怎么交？", ""),  # a thing of its own
    ],
)
def test_a_part_knows_the_verbs_before_the_first_question_word_that_it_leaves_out(question: str, fuller: str) -> None:
    first, second = parts(question)
    assert (first.fuller, second.fuller) == ("", fuller)
