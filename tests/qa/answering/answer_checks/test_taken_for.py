"""What is easily taken for the answer: a fine for a price, a mean for a limit, a ticket of another kind."""

import pytest

from corpus.text.normalise import normalise
from qa.answering.answer_checks.attributes import leaves_unnamed
from qa.answering.answer_checks.taken_for import is_taken_for_the_answer
from qa.answering.question.analysis import Question


@pytest.mark.parametrize(
    ("question", "quoted", "words", "taken"),
    [
        ("办一张读者证多少钱", "证件丢失补办的，从押金里扣20元。", "20元", True),  # what is taken off
        ("办一张读者证多少钱", "读者证每张20元。", "20元", False),
        ("丢了读者证要扣多少钱", "证件丢失补办的，从押金里扣20元。", "20元", False),
        ("索道票多少钱一张", "提前一天网上买票减15元。", "减15元", True),
        ("网上买票便宜多少钱", "提前一天网上买票减15元。", "减15元", False),
        ("索道可以涨价多少", "索道票80元，学生减15元，可上浮10%。", "减15元", False),  # asks for no price
        ("老人坐索道少收多少钱", "满70周岁的减15元。", "减15元", False),
        ("办许可证多久办好", "去年许可证平均8天办结。", "8天", True),  # a mean, where a limit is asked for
        ("办许可证多久办好", "许可证8天办结。", "8天", False),
        ("六级补几个月", "等级：六级；就业补助金（月平均工资）：28个月。", "28个月", False),  # of a mean wage
        ("去年办许可证用了多久", "去年许可证平均8天办结。", "8天", False),
        ("上一轮承包费每亩多少", "承包费每亩300元。", "300元", True),  # of today
        ("上一轮承包费每亩多少", "上轮承包费每亩200元。", "200元", False),
        ("承包费每亩多少", "承包费每亩300元。", "300元", False),
        ("学费能减免吗", "学费按学期交纳。", "按学期交纳", True),  # speaks of no relief
        ("学费能减免吗", "低保家庭免学费。", "免学费", False),
        ("检测费本身多少", "上门费50元，检测费由车主付给检测站。", "50元", True),  # of another fee
        ("检测费本身多少", "上门费50元，检测费80元。", "80元", False),
        ("没有房产证的房子怎么过户", "凭房产证和身份证过户。", "凭房产证和身份证过户", True),
        ("没有房产证的房子怎么过户", "没有房产证的，先到档案馆查档。", "先到档案馆查档", False),
        ("有没有房产证的样本", "房产证的样本在大厅。", "在大厅", False),
        ("夜游门票多少", "夜游优惠价20元。", "20元", False),  # a price itself
        ("上一届会长是谁", "第二届会长：舒云。", "舒云", False),
        ("低保归哪个部门管", "低保由民政管。", "民政", False),  # an office by a short name
        ("What is the output per person?", "全县产值88亿元。", "88亿元", True),  # of the whole county
        ("全县人均产值多少", "全县产值88亿元。", "88亿元", True),
        ("全县人均产值多少", "全县人均产值9.1万元。", "9.1万元", False),
        ("全县产值多少", "全县产值88亿元。", "88亿元", False),
        ("新桥动工那天是6月几号", "新桥2019年6月动工。", "2019年6月", True),  # no day is told
        ("新桥动工那天是6月几号", "新桥2019年6月18日动工。", "2019年6月18日", False),
        ("新桥是几月几号动工的", "新桥2019年6月动工。", "2019年6月", False),  # the month answers in part
        ("老陈修车铺在哪条路", "抛锚的车拖到老陈修车铺。", "老陈修车铺", True),  # names no road
        ("老陈修车铺在哪条路", "老陈修车铺在人民路5号。", "人民路5号", False),
    ],
)
def test_what_is_easily_taken_for_the_answer_is_noticed(question: str, quoted: str, words: str, taken: bool) -> None:
    assert is_taken_for_the_answer(normalise(question), normalise(f"题目\n{quoted}"), words) is taken


@pytest.mark.parametrize(("quoted", "named"), [("景区年卡120元。", False), ("景区成人票120元。", True)])
def test_a_ticket_of_another_kind_leaves_the_one_asked_for_unnamed(quoted: str, named: bool) -> None:
    assert leaves_unnamed(Question.of("景区年卡多少钱"), [quoted]) is named
