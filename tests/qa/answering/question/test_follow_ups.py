"""Follow-ups are made whole; whole questions stay as they are."""

import pytest

from qa.answering.question.follow_ups import candidates, standalone
from qa.answering.question.topics import topic
from qa.answering.reply import Turn


@pytest.mark.parametrize(
    ("question", "before", "reply", "whole"),
    [
        ("那2019年呢？", "长寿2021年的财政收入是多少？", "80亿元", "长寿2019年的财政收入是多少？"),
        ("那宁波呢？", "杭州派来了多少名教师？", "12名", "宁波派来了多少名教师？"),
        ("它的产能呢？", "恒力项目的总投资是多少？", "20亿元", "恒力项目的产能是多少？"),
        ("它建成后产值多少？", "恒力新开工的项目总投资是多少？", "20亿元", "恒力新开工的项目建成后产值多少？"),
        ("那竣工呢？", "学校是什么时候奠基的，校长是谁？", "2004年", "学校竣工是什么时候？"),
        ("那公益项目呢？", "去年实施了多少经济项目？", "13个", "去年实施了多少公益项目？"),
        ("那医生呢？", "去年来了好多老师？", "12名", "去年来了好多医生？"),
        ("商会呢？", "产业园在哪里？", "在白涛", "商会在哪里？"),
        ("那竣工呢？", "学校什么时候奠基？", "2004年", "学校竣工什么时候？"),
        ("学校呢？", "商会什么时候成立的？", "2020年", "学校什么时候成立的？"),
        ("那里有什么学校？", "新木村在哪里？", "涪市镇", "涪市镇有什么学校？"),
        ("是什么时候开工的？", "恒力产业园在哪里？", "在白涛", "恒力产业园是什么时候开工的？"),
        ("怎么申请？", "人才补贴是多少？", "2万元", "人才补贴怎么申请？"),
        ("这个项目是谁投资的？", "恒力产业园什么时候开工？", "2020年", "恒力产业园是谁投资的？"),
        ("帮我说说总投资", "恒力产业园在哪里？", "在白涛", "恒力产业园总投资"),
        ("请问怎么申请？", "人才补贴是多少？", "2万元", "人才补贴怎么申请？"),
        (
            "And in 2019?",
            "What was the revenue of Changshou in 2021?",
            "80",
            "What was the revenue of Changshou in 2019?",
        ),
        ("费用是多少，它在哪里办？", "恒力产业园在哪里？", "在白涛", "费用是多少，恒力产业园在哪里办？"),
        ("那校车几点呢", "校车多少钱", "80元", "校车几点"),
        ("那什么时候发呢", "高龄津贴每月多少", "300元", "高龄津贴什么时候发"),
        ("老办法是多少", "津贴百岁以上每月多少", "800元", "津贴百岁以上每月老办法是多少"),
        ("押金多少呢", "老街摊位月租多少钱", "380元", "老街摊位押金多少"),
        ("首班车几点", "鱼泉线公交票价多少", "6元", "鱼泉线公交首班车几点"),
        ("怎么交呢", "小区停车费多少钱", "30元", "小区停车费怎么交"),
        ("会长是谁，他是哪里人？", "商会在哪里？", "在白涛", "商会会长是谁，他是哪里人？"),
        ("好久关门", "码头可以拍照不", "不得", "码头好久关门"),
        ("几点关门", "图书馆有自习室没得", "有", "图书馆几点关门"),
        ("几点关门", "游泳馆周一开不开", "停开", "游泳馆周一几点关门"),
        ("周末开门不", "水上乐园在哪里", "在江边", "水上乐园周末开门不"),
        ("2023年计划投好多", "码头改造2024年完成投资多少", "9万元", "码头2023年计划投好多"),
        ("不是，我问的是2023年", "码头改造2024年完成投资多少", "9万元", "码头改造2023年完成投资多少"),
        ("不是，我问的是月票", "江北线年票好多钱", "900元", "江北线月票好多钱"),
        ("不是三楼，是五楼", "写字楼三楼租金多少", "30元", "写字楼五楼租金多少"),
        ("江北路二期", "租金多少", "", "江北路二期租金多少"),
        ("二楼呢", "写字楼首层租金多少", "30元", "写字楼二楼租金多少"),
        ("过桥费呢", "货车停车费补不补", "不补", "货车过桥费补不补"),
        ("她手机号呢", "乡卫生院院长是哪个", "", "乡卫生院院长手机号"),
        ("能拿好多钱", "家里进水了，可以申请什么补助", "", "补助能拿好多钱"),
    ],
)
def test_a_follow_up_takes_what_it_leaves_out_from_the_turn_before(
    question: str, before: str, reply: str, whole: str
) -> None:
    assert standalone(question, [Turn(before, reply)]) == whole


@pytest.mark.parametrize("question", ["Who paid for it?", "When was it built?"])
def test_a_follow_up_in_english_is_looked_up_with_what_it_is_about(question: str) -> None:
    whole = standalone(question, [Turn("Where is the school?", "白涛")])
    assert "the school" in whole and question.split()[0] in whole


@pytest.mark.parametrize(
    "question",
    [
        "涪陵浙江商会是什么时候成立的？",
        "白石县 多层住宅 维修资金 原标准",  # search words
        "浙江省捐赠了多少资金？",
        "怎么申请低保？",
        "请问在哪里可以办居住证？",
        "社保卡怎么办？",
        "居住证去哪里办理？",
        "长寿的其他项目有哪些？",
        "长寿区居民应该去哪里办居住证？",
        "长寿的吉他培训班在哪里报名？",
        "榨菜博物馆门票多少钱？它几点关门？",
        "友谊学校是谁建的，它在哪里？",
        "友谊学校什么时候开学，那里有多少学生？",
        "听说白涛化工园区扩建了，它的面积有多大？",
        "How many schools were built?",
        "How many schools are there in Fuling?",
        "打乒乓和打羽毛球哪个便宜",
    ],
)
def test_a_whole_question_stays_as_it_is(question: str) -> None:
    assert standalone(question, [Turn("恒力产业园在哪里？", "在白涛")]) == question
    assert standalone(question, []) == question


@pytest.mark.parametrize("question", ["How many schools are there?", "Is it true that Huafeng came to Fuling?"])
def test_a_whole_question_in_english_stays_as_it_is(question: str) -> None:
    assert standalone(question, [Turn("Where is the school?", "白涛")]) == question


@pytest.mark.parametrize(("question", "before"), [("Who paid for it?", "学校在哪里？"), ("学费呢？", "Where is it?")])
def test_nothing_is_taken_over_from_a_question_in_another_language(question: str, before: str) -> None:
    assert standalone(question, [Turn(before, "在白涛")]) == question


@pytest.mark.parametrize(
    ("question", "before", "among"),
    [
        ("其他项目有哪些？", "恒力产业园在哪里？", "其他项目有哪些？"),
        ("停车费多少？", "白塔公园门票多少钱？", "停车费多少？"),
        ("停车费多少？", "白塔公园门票多少钱？", "白塔公园停车费多少？"),
        ("老人呢？", "白塔公园门票多少钱？", "白塔公园门票老人多少钱？"),
        ("停水呢？", "检修停气提前多久通知", "检修停水提前多久通知"),
        ("那停水呢，提前多久说", "检修停气提前多久通知", "检修停水提前多久通知"),
        ("龙潭呢？", "白塔公园门票多少钱？", "龙潭公园门票多少钱？"),
        ("户口本呢", "办身份证要带啥", "办身份证要带户口本吗？"),
    ],
)
def test_what_a_turn_may_stand_for_is_among_the_candidates(question: str, before: str, among: str) -> None:
    assert among in candidates(question, [Turn(before, "在白涛")])


def test_a_turn_that_says_it_goes_on_is_no_question_by_itself() -> None:
    before = [Turn("白塔公园门票多少钱？", "20元")]
    assert candidates("停车费多少呢", before) == ("白塔公园停车费多少",)
    assert "停车费多少" in candidates("停车费多少", before)


@pytest.mark.parametrize(
    ("question", "before", "whole"),
    [
        ("2023年呢", "青川县2024年低保标准是多少", "青川县2023年低保标准是多少"),
        ("去年呢", "2024年招了多少人", "去年招了多少人"),
        ("二期呢", "公寓一期月租多少", "公寓二期月租多少"),
        ("三级医院呢？", "二级医院住院报销多少", "三级医院住院报销多少"),
    ],
)
def test_another_year_or_number_of_the_same_is_the_only_reading(question: str, before: str, whole: str) -> None:
    assert candidates(question, [Turn(before, "9个")]) == (whole,)


def test_a_number_of_something_else_leaves_the_readings_open() -> None:
    assert len(candidates("二期呢", [Turn("公寓三楼月租多少", "9个")])) > 1


def test_a_turn_that_leaves_out_what_it_is_about_is_not_looked_up_alone() -> None:
    before = [Turn("白塔公园门票多少钱？", "20元")]
    assert "停车费要交不" in candidates("停车费要交不", before)
    assert "可以带自行车进去不" not in candidates("可以带自行车进去不", before)


def test_a_turn_is_completed_from_the_question_as_it_was_understood() -> None:
    known = [Turn("白塔公园门票多少钱？", "20元"), Turn("停车费多少？", "5元", "停车费多少？")]
    unknown = [Turn(turn.question, turn.reply) for turn in known]
    assert "停车费怎么交" in candidates("怎么交", known)
    assert "停车费怎么交" not in candidates("怎么交", unknown)


def test_turns_that_leave_out_their_subject_do_not_pile_up() -> None:
    history = [Turn("白塔公园在哪里？", "20元")]
    for question in ("几点开门", "可以带狗不", "有停车场没得"):
        history.append(Turn(question, "…", standalone(question, history)))
    assert standalone("怎么去", history) == "白塔公园怎么去"


def test_a_new_part_that_is_no_new_subject_leaves_the_old_one() -> None:
    first = "办身份证要带啥"
    history = [Turn(first, "…", first), Turn("户口本呢", "…", "办身份证要带户口本吗？")]
    assert standalone("周六开门不", history) == "办身份证周六开门不"
    history = [Turn("公寓一期月租多少", "…"), Turn("二期呢", "…", "公寓二期月租多少")]
    assert standalone("还剩好多套", history).startswith("公寓二期")


def test_a_turn_in_another_language_between_is_passed_over() -> None:
    history = [Turn("白塔公园在哪里？", "20元"), Turn("How do I get there?", "by bus")]
    assert standalone("几点开门", history) == "白塔公园几点开门"


def test_a_question_without_history_stands_for_itself_alone() -> None:
    assert candidates("停车费多少？", []) == ("停车费多少？",)


def test_a_follow_up_to_a_follow_up_reaches_the_first_question() -> None:
    history = [Turn("长寿2021年的财政收入是多少？", "80亿元"), Turn("那2019年呢？", "60亿元")]
    assert standalone("那2018年呢？", history) == "长寿2018年的财政收入是多少？"


@pytest.mark.parametrize(
    ("question", "about"), [("请问恒力产业园在哪里？", "恒力产业园"), ("谁建了学校？", "建了学校")]
)
def test_the_topic_is_what_stands_before_what_is_asked(question: str, about: str) -> None:
    assert topic(question) == about
