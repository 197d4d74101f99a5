"""What a question asks for and takes for granted, against the words that would be quoted."""

import pytest

from corpus.text.normalise import normalise
from qa.answering.answer_checks.attributes import leaves_unnamed, only_past_office
from qa.answering.answer_checks.figures import unsupported_figures
from qa.answering.answer_checks.places import goes_the_other_way, of_another_place
from qa.answering.answer_checks.premises import moves_the_other_way, says_the_opposite
from qa.answering.answer_checks.something_else import answers_something_else
from qa.answering.question.analysis import Question


@pytest.mark.parametrize(
    ("question", "missing"),
    [("2015年的总值是多少", ["2015"]), ("2021年的总值是多少", []), ("18亿元的项目", ["18亿"]), ("这13对学校", [])],
)
def test_figures_that_the_quotation_does_not_hold_are_named(question: str, missing: list[str]) -> None:
    assert unsupported_figures(Question.of(question), ["2021年总值1402亿元", "结成13对"]) == missing


@pytest.mark.parametrize(
    ("asked", "told", "stands"),
    [
        ("3000万元", "0.3亿元", True),
        ("30亿元", "30.964亿元", True),
        ("31亿元", "30.964亿元", True),
        ("29亿元", "30.964亿元", False),
        ("18亿元", "2018年", False),
        ("60个", "60余个", True),
        ("5个", "5.4万个", False),
        ("1,402.7亿元", "1402.74亿元", True),
    ],
)
def test_a_figure_stands_in_other_units_and_more_exactly_too(asked: str, told: str, stands: bool) -> None:
    assert (not unsupported_figures(Question.of(f"{asked}的项目"), [told])) is stands


@pytest.mark.parametrize(
    ("question", "past"),
    [
        ("区长现在是谁?", True),
        ("省委书记叫什么名字?", True),
        ("2004年的省委书记是谁?", False),
        ("奠基时的省委书记是谁?", False),
        ("谁来奠基?", False),
    ],
)
def test_who_held_an_office_once_does_not_answer_who_holds_it(question: str, past: bool) -> None:
    assert only_past_office(Question.of(question), ["2004年来奠基的张三，时任省委书记、区长。"]) is past
    assert not only_past_office(Question.of(question), ["省委书记张三来奠基。"])


@pytest.mark.parametrize(
    ("question", "past"),
    [
        ("安溪区教育局副局长现在由谁接任", True),  # the text says only who leaves the office
        ("安溪区司法局局长现在是谁", False),
        ("安溪区档案馆主任现在是谁", False),  # of which it says nothing
    ],
)
def test_who_leaves_an_office_does_not_hold_it(question: str, past: bool) -> None:
    text = "任命方某为区司法局局长，免去其区教育局副局长职务；"
    assert only_past_office(Question.of(question), [text]) is past
    assert not only_past_office(Question.of(question), [text.replace("免去其", "兼任")])


def test_the_agent_of_a_tender_is_not_its_winner() -> None:
    agent, winner = "代理机构：恒通招标代理公司", "中标人：路达公司"
    asked = Question.of("食堂食材采购哪家公司中标了")
    assert leaves_unnamed(asked, [agent]) and not leaves_unnamed(asked, [winner])
    assert not leaves_unnamed(Question.of("食堂食材采购招标找哪家公司"), [agent])


@pytest.mark.parametrize(
    ("question", "text", "other"),
    [
        ("浙江省2021年的总产值是多少?", "涪陵总产值2021年增加到1402亿元。", True),
        ("2021年浙江的总产值是多少?", "涪陵总产值2021年增加到1402亿元。", True),
        ("涪陵2021年的总产值是多少?", "涪陵总产值2021年增加到1402亿元。", False),
        ("涪陵2021年的总产值是多少?", "总产值2021年增加到1402亿元。", False),
        ("到浙江挂职的干部有多少?", "涪陵干部挂职533人次。", False),
        ("浙江的经验怎么用到涪陵?", "涪陵靠培训。", False),
    ],
)
def test_what_is_said_of_one_place_does_not_answer_for_another(question: str, text: str, other: bool) -> None:
    assert of_another_place(Question.of(question), [text]) is other


@pytest.mark.parametrize(
    ("question", "text", "other"),
    [
        ("浙江有多少干部到涪陵学习?", "涪陵组织237名干部到浙江学习。", True),
        ("浙江省派到涪陵区的医生有多少?", "涪陵选派30名医生赴浙江进修。", True),
        ("涪陵有多少干部到浙江学习?", "涪陵组织237名干部到浙江学习。", False),
        ("浙江有多少干部到涪陵学习?", "涪陵组织237名干部到浙江学习，浙江派30名干部到涪陵学习。", False),
        ("浙江有多少干部到涪陵学习?", "累计组织237名干部学习。", False),
        ("浙江派到涪陵的干部有多少?", "涪陵干部挂职533人次。", True),
        ("浙江派到涪陵的干部有多少?", "浙江干部挂职533人次。", False),
        ("浙江和涪陵有多少合作项目?", "涪陵组织237名干部到浙江学习。", False),
    ],
)
def test_what_goes_one_way_does_not_answer_for_the_other(question: str, text: str, other: bool) -> None:
    assert goes_the_other_way(Question.of(question), [text]) is other


@pytest.mark.parametrize(
    ("question", "clause", "opposite"),
    [
        ("榨菜产量为什么减少？", "2021年增加到60万吨", True),
        ("榨菜产量咋个从60万吨跌到40万吨了", "2021年增加到60万吨", True),
        ("参保人数为什么上升", "参保人数比上年减少312人", True),
        ("榨菜产量为什么增加？", "2021年增加到60万吨", False),
        ("榨菜产量为什么减少？", "销量增加，产量减少", False),
        ("榨菜产量减少多少", "2021年增加到60万吨", False),  # takes nothing for granted
    ],
)
def test_what_fell_did_not_rise(question: str, clause: str, opposite: bool) -> None:
    assert moves_the_other_way(normalise(question), clause) is opposite


@pytest.mark.parametrize(
    ("question", "text", "opposite"),
    [
        ("榨菜产量为什么减少？", "榨菜产量从2017年的40万吨增加到60万吨。", True),
        ("合作园区哪一年关闭？", "合作园区于2010年建成投产。", True),
        ("两地为什么停止合作？", "两地结对，合作不断深入。", True),
        ("两地为什么停止合作？", "协议期满，合作不再继续。", False),
        ("学校什么时候放假？", "学校每年7月放假。", False),
        ("企业亏损减少了多少？", "企业亏损由3亿元减少到1亿元，产值提高。", False),
        ("怎样降低物流成本？", "新码头提高了装卸效率。", False),
        ("榨菜产量增加了多少？", "榨菜产量增加到60万吨。", False),
        ("旧校舍什么时候拆除？", "旧校舍于2005年拆除，新校舍2006年建成。", False),
    ],
)
def test_what_a_question_takes_for_granted_is_not_answered_by_its_opposite(
    question: str, text: str, opposite: bool
) -> None:
    assert says_the_opposite(Question.of(question), [text]) is opposite


@pytest.mark.parametrize(
    ("question", "text", "unnamed"),
    [
        ("甲集团总部在哪里？", "甲集团的产业园位于涪陵。", True),
        ("甲集团总部在哪里？", "甲集团总公司设在杭州。", False),
        ("帮扶学校的校长是谁？", "学校由张三援建。", True),
        ("帮扶学校的校长是谁？", "校长李四来自杭州。", False),
        ("办事处的电话是多少？", "办事处设在涪陵。", True),
        ("办事处的电话是多少？", "办事处：023-7222222。", False),
        ("办事处的电话是多少？", "东站6652101，办事处6652102。", False),
        ("办事处的电话是多少？", "办事处投资665210元。", True),
        ("办事处在哪里？", "办事处设在涪陵。", False),
        ("一季度调解成功率是多少", "一季度调解163件。", True),
        ("一季度调解成功率", "一季度调解163件。", True),
        ("一季度调解成功率是多少", "一季度调解163件，成了九成八。", False),
        ("谁领导效率提升工作", "张三领导这项工作。", False),
        ("接驳公交最晚开到几点", "30分钟内投入12辆接驳车。", True),
        ("接驳公交最晚开到几点", "接驳车开到23:30。", False),
        ("接驳公交最晚开到几点", "接驳车全天开行。", False),
        ("会上提了几点建议", "会上提出三条建议。", False),
        ("参观工厂的讲解员是谁", "活动：参观工厂；负责人：仇萱。", True),
        ("参观工厂的讲解员是谁", "活动：参观工厂；讲解员：仇萱。", False),
        ("展位打折前的原价是多少", "展位费按八折收取。", True),
        ("展位打折前的原价是多少", "展位原价1000元，按八折收取。", False),
    ],
)
def test_what_texts_call_by_its_name_is_not_answered_by_others(question: str, text: str, unnamed: bool) -> None:
    assert leaves_unnamed(Question.of(question), [text]) is unnamed


@pytest.mark.parametrize(
    ("question", "text", "other"),
    [
        ("东楼单间为什么贵", "收费\n项目：床位；房间：单间；东楼：1980；西楼：1700；单位：元。", True),
        ("东楼单间为什么贵", "收费\n项目：床位；房间：单间；东楼：1980；原因：有阳台；单位：元。", False),
        ("东楼单间为什么贵", "收费\n东楼有阳台，床位费高一些。", False),
        ("东楼单间多少钱", "收费\n项目：床位；房间：单间；东楼：1980；西楼：1700；单位：元。", False),
        ("到陵园要坐多久", "2026年清明安排\n三号线每30分钟一班，3月16日起运行。", True),
        ("到陵园要坐多久", "三号线每30分钟一班，全程50分钟。", False),
        ("三号线多久一班", "三号线每30分钟一班。", False),
        ("中秋节上班吗", "2026年春节值班安排\n2月14日照常上班。", True),
        ("春节上班吗", "2026年春节值班安排\n2月14日照常上班。", False),
        ("中秋节上班吗", "2月14日照常上班。", False),
        ("2025年全年达标率多少", "2025年1月至6月，达标率71.4%。", True),
        ("上半年达标率多少", "全年达标率71.4%。", True),
        ("二季度投诉多少件", "第三季度受理投诉380件。", True),
        ("上半年达标率多少", "2025年1月至6月，达标率71.4%。", False),
        ("全年达标率多少", "上半年71.4%，全年80%。", False),
        ("前三季度投诉多少件", "1至9月受理投诉380件。", False),
        ("全年达标率多少", "达标率71.4%。", False),
        ("下半年什么时候征兵", "征兵时间：8月至9月。", False),
        ("景区全年门票多少钱", "门票旺季（4月至10月）80元。", False),
        ("全年物业费多少", "每平方米2.1元，上半年6月30日前缴清。", False),
        ("国庆开门吗", "除春节外全年开放。", False),
        ("国庆节哪几天不开门", "劳动节安排\n日期：5月1日—5日；安排：闭馆。", True),
        ("五一哪几天不开门", "劳动节安排\n日期：5月1日—5日；安排：闭馆。", False),
        ("王国庆的电话", "春节值班表\n王国庆：5110366。", False),
        ("五一广场怎么走", "春节期间3路车绕行。", False),
        ("要等多久来一班", "三号线每30分钟一班。", False),
        ("办证要多久", "每3个月集中受理一批，受理后15日内办结。", False),
        ("豆干为什么不合格", "抽检\n产品：豆干；批次：0301；结论：不合格；不合格项目：苯甲酸超标。", False),
        ("留样的冰箱要调到几度", "留样食品在冰箱存放48小时以上。", True),
        ("留样的冰箱要调到几度", "留样食品在0至8℃的冰箱存放。", False),
        ("水箱能装多少升", "院内有消毒水箱1只。", True),
        ("水库水位多少米", "水库表\n名称：龙口水库；水位：268.35；库容：742。", False),  # rows leave the measure out
        ("来了好几年的老师有补贴吗", "老师每月补贴500元。", False),
        ("服务中心副主任叫什么", "服务中心主任：庞云。", True),
        ("服务中心副主任叫什么", "服务中心副主任：庞云。", False),
    ],
)
def test_a_row_gives_no_reason_a_frequency_no_length_and_one_holiday_is_not_another(
    question: str, text: str, other: bool
) -> None:
    assert answers_something_else(Question.of(question), [normalise(text)]) is other


@pytest.mark.parametrize(
    ("question", "text", "other"),
    [
        ("阅览室周六几点开门", "工作日9:00—17:00开放", True),
        ("阅览室周六几点开门", "周一至周五9:00—17:00，周六10:00—16:00", False),
        ("阅览室周三几点开门", "每天9:00—17:00开放，周末至20:00", False),
        ("阅览室周三几点开门", "工作日9:00—17:00开放", False),
        ("阅览室周六几点开门", "材料齐全的5个工作日内办结，9:00起受理", False),  # how long, not when
        ("阅览室周日开门吗", "工作日9:00—17:00开放", False),  # what is said of the others tells a yes or no
        ("周六几点消毒", "每周一次消毒，8:00开始", False),
    ],
)
def test_hours_of_other_weekdays_do_not_answer(question: str, text: str, other: bool) -> None:
    assert answers_something_else(Question.of(question), [normalise(text)]) is other


@pytest.mark.parametrize(
    ("question", "text", "unsettled"),
    [
        ("游泳馆是不是要改到9点才开门", "游泳馆每天8:00开门。", True),
        ("听说押金要涨到500元", "押金300元，退卡时退还。", True),
        ("游泳馆是不是改到9点才开门", "自下周起游泳馆改为9:00开门。", False),
        ("押金是不是要涨到500元", "自下月起押金由300元提高。", False),
        ("押金是不是涨到300元了", "押金300元，退卡时退还。", False),
        ("押金涨到多少", "押金300元，退卡时退还。", False),
    ],
)
def test_what_holds_today_does_not_say_whether_it_will_be_changed(question: str, text: str, unsettled: bool) -> None:
    assert answers_something_else(Question.of(question), [normalise(text)]) is unsettled
