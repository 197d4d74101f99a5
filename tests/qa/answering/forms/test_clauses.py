"""Of clauses that say the same of different things, the one that the question names answers."""

import pytest

from corpus.document import Document, Span
from qa.answering.forms.clauses.choosing import in_the_right_clause
from qa.answering.question.analysis import Question
from qa.answering.reader.base import Finding

NOTICES = "因检修停水，提前二十四小时通知；因检修停气，提前四十八小时通知。"
DAYS = "一般登记是三个工作日，抵押登记是一个工作日。"
ORPHANS = "集中养育孤儿的费用拨付给区福利院，社会散居孤儿的费用发给监护人。"


def answer(question: str, text: str, short: str) -> str:
    place = text.index(short)
    found = Finding(Document("a.txt", "a", text), (), Span(0, len(text)), Span(place, place + len(short)))
    found = in_the_right_clause(Question.of(question).search, found)
    return found.short.of(text) if found.short else ""


SPEECH = "说到时间方面一般登记是三个工作日抵押登记是一个工作日查封登记当场办结"
AWARDS = "首次认定的，奖励20万元；重新认定的，奖励5万元。"
ZONES = "文物的控制地带，一级文物为围墙外30米，二级文物为围墙外20米，三级文物为围墙外10米。"
PHONES = "陪护预约：东门5320171，西门5320172；投诉：护理部5320131。"


SPACES = "停车位220个，其中充电车位36个；床位80张，其中12张可用。"
FEASTS = "第四条 寿宴摆席不超过12桌，每桌不超过10个菜；丧葬不超过4天，不超过18桌；参军的可以摆6桌。"
RENT = "林地租金扣除管护费后，六成归村集体，四成归承包农户。"


@pytest.mark.parametrize(
    ("question", "text", "short", "expected"),
    [
        ("寿宴最多摆几桌", FEASTS, "不超过18桌", "不超过12桌"),
        ("丧葬最多摆几桌", FEASTS, "不超过18桌", "不超过18桌"),
        ("寿宴和丧葬能摆几桌", FEASTS, "不超过18桌", "不超过18桌"),  # of both
        ("摆席最多几桌", FEASTS, "不超过18桌", "不超过18桌"),  # of neither
        ("充电车位有多少个", SPACES, "220个", "36个"),
        ("停车位有多少个", SPACES, "220个", "220个"),
        ("能用的床位有几张", SPACES, "80张", "12张"),
        ("床位几张，其中几张可用", SPACES, "80张", "80张"),  # of both
        ("能住的床位有几张", SPACES.replace("其中", "另有"), "80张", "80张"),  # no part of them
        ("租金农户能分几成", RENT, "六成", "四成"),
        ("租金村集体能分几成", RENT, "六成", "六成"),
        ("租金怎么分", RENT, "六成", "六成"),  # nobody is named
        ("租金村集体和农户各分几成", RENT, "六成", "六成"),  # both are
        ("门票景区分多少", "门票收入65%归景区，35%归旅行社。", "35%归旅行社", "65%"),
        ("门票景区分多少", "门票收入65%归景区，25%归旅行社。", "25%归旅行社", "25%归旅行社"),  # no whole
        ("停水提前多久通知", NOTICES, "提前四十八小时通知", "提前二十四小时通知"),
        ("停气提前多久通知", NOTICES, "提前四十八小时通知", "提前四十八小时通知"),
        ("停水停气提前多久通知", NOTICES, "提前四十八小时通知", "提前四十八小时通知"),  # both are named
        ("检修提前多久通知", NOTICES, "提前四十八小时通知", "提前四十八小时通知"),  # none is
        ("抵押登记要几天", DAYS, "三个工作日", "一个工作日"),
        ("抵押登记几个工作日办完", SPEECH, "三个工作日", "一个工作日"),
        ("一般登记几个工作日办完", SPEECH, "一个工作日", "三个工作日"),
        ("登记几个工作日办完", SPEECH, "三个工作日", "三个工作日"),
        ("集中养育孤儿的钱给谁", ORPHANS, "区福利院，社会散居孤儿的费用发给监护人", "区福利院"),
        ("集中养育孤儿的钱给谁", ORPHANS, "监护人", "监护人"),  # the clauses are not that alike
        ("窗口在哪", "窗口：人民路1号，电话123。", "人民路1号，电话123", "人民路1号，电话123"),
        ("西门找陪护打哪个电话", PHONES, "5320171", "5320172"),
        ("西门找陪护打哪个电话", PHONES, "5320172", "5320172"),
        ("东门找陪护打哪个电话", PHONES, "5320171", "5320171"),
        ("找陪护打哪个电话", PHONES, "5320171", "5320171"),
        ("西门找陪护打哪个电话", PHONES.replace("5320172", "周一开"), "5320171", "5320171"),  # no figure of the kind
        ("预算里省里补助多少", "工程预算286万元，其中省级补助170万元。", "170万元", "170万元"),  # no like things
        ("司机 安全奖 每月", "试用期每月4500元，转正后另有安全奖每月600元。", "600元", "600元"),
        ("一级文物的控制地带是围墙外多少米", ZONES, "10米", "30米"),  # what heads the clauses is named, too
        ("2021版政策重新认定奖几万", AWARDS, "5万元", "5万元"),  # 20 is no word of 2021
        ("2021版政策首次认定奖几万", AWARDS, "5万元", "20万元"),
        ("文物的控制地带有多宽", ZONES, "10米", "10米"),
        ("停水怎么通知", NOTICES.replace("四十八小时", "用广播"), "提前用广播通知", ""),  # nothing like it there
    ],
)
def test_the_answer_is_of_the_clause_that_the_question_names(
    question: str, text: str, short: str, expected: str
) -> None:
    assert answer(question, text, short) == expected


AGES = "年龄最大的司机是58岁的皮大有，年龄最小的是19岁的蔚小川。"
PRICES = "最高价出现在三月，每斤9元，最低价出现在七月，每斤4元。"


@pytest.mark.parametrize(
    ("question", "text", "short", "expected"),
    [
        ("年纪最大的司机是谁", AGES, "蔚小川", "58岁的皮大有"),
        ("年纪最大的司机多大", AGES, "19岁", "58岁"),
        ("年纪最大的司机是谁", AGES, "皮大有", "皮大有"),
        ("年纪最大的司机是谁", AGES, "皮大有，年龄最小的是19岁的蔚小川", "皮大有"),
        ("最年轻的司机是谁", AGES, "皮大有", "19岁的蔚小川"),
        ("最大和最小的司机是谁", AGES, "蔚小川", "蔚小川"),  # asks for both
        ("司机有谁", AGES, "蔚小川", "蔚小川"),
        ("最高每斤多少钱", PRICES, "每斤4元", "每斤9元"),  # in a clause behind the one that says 最低
        ("最低每斤多少钱", PRICES, "每斤9元", "每斤4元"),
        ("最低生活保障是多少", "最低生活保障按月发，最高620元。", "最高620元", "最高620元"),  # a name
        ("最高每斤多少钱", "东市最高9元，西市最高8元，最低4元。", "4元", ""),  # said twice
        ("最高每斤多少钱", "最低每斤4元，另有运费。", "每斤4元", "每斤4元"),  # nothing says the highest
    ],
)
def test_what_is_said_of_the_least_does_not_answer_for_the_most(
    question: str, text: str, short: str, expected: str
) -> None:
    assert answer(question, text, short) == expected


FAIR = "农机展销会定于5月中旬举办，参展单位请于4月20日17:00前把回执发来。"


@pytest.mark.parametrize(
    ("question", "text", "short", "expected"),
    [
        ("展销会报名截止到什么时候", FAIR, "5月中旬", "4月20日17:00"),
        ("展销会回执最晚哪天交", FAIR, "5月中旬", "4月20日17:00"),
        ("展销会什么时候办", FAIR, "5月中旬", "5月中旬"),
        ("报名截止到什么时候", FAIR, "4月20日", "4月20日"),
        ("报名截止到什么时候", "报名时间为3月1日至3月15日，截止3月15日。", "3月1日", "3月15日"),
        ("报名截止到什么时候", "5月中旬举办，3月15日前初报，4月1日前终报。", "5月中旬", "5月中旬"),  # there are two
    ],
)
def test_until_when_is_the_deadline_and_not_the_day_of_the_event(
    question: str, text: str, short: str, expected: str
) -> None:
    assert answer(question, text, short) == expected
