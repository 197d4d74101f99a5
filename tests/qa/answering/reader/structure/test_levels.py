"""A question for one level, class or grade is not answered with another one."""

import pytest

from corpus.text.normalise import normalise
from qa.answering.reader.structure.levels import of_another_level


@pytest.mark.parametrize(
    ("question", "quoted"),
    [
        ("Ⅱ级响应要做什么？", "Ⅰ级响应：停课、停工。"),
        ("三级医院报销多少？", "一级医院报销85%，二级医院报销75%。"),
        ("乙类项目补助多少？", "甲类项目补助30万元。"),
        ("B级景区门票优惠吗？", "A级景区对学生半价。"),
        ("四星志愿者多少人", "注册志愿者18632人，五星志愿者27人。"),
        ("二期工程投资多少", "一期工程投资3亿元。"),
        ("石塘水库的村级河长是谁？", "区级河长：裴静；镇级河长：鄢平。"),
    ],
)
def test_words_of_another_level_are_noticed(question: str, quoted: str) -> None:
    assert of_another_level(normalise(question), quoted)


@pytest.mark.parametrize(
    ("question", "quoted"),
    [
        ("Ⅱ级响应要做什么？", "II级响应：停止户外活动。"),
        ("二级响应要做什么？", "Ⅱ级响应：停止户外活动。"),
        ("三级医院报销多少？", "二级以上医院报销75%。"),
        ("三级医院报销多少？", "各级医院报销75%。"),
        ("一星期工作几天", "两个星期休息三天。"),
        ("二期工程何时开工", "一期至三期工程2024年开工。"),
        ("二级残疾补贴多少？", "重度残疾人（一、二级残疾）每月80元。"),
        ("二级残疾补贴多少？", "残疾等级：二级；每月标准：110元。"),
        ("三级医院报销多少？", "乡镇卫生院报销90%。"),
        ("县级医院报销多少？", "一级医院报销85%。"),
        ("区级河长是谁？", "区、镇级河长：裴静；河道警长：佟伟。"),
        ("县级河长多久巡河？", "市级河长每季度1次，县（区）级河长每月1次。"),
        ("乡级河长多久巡河？", "县级河长每月1次，乡镇级河长每旬1次。"),
        ("县级财政承担多少？", "省级财政承担25%，市县财政承担35%。"),
        ("一级医院和三级医院报销多少？", "二级医院报销75%。"),
    ],
)
def test_words_that_may_be_of_the_level_are_kept(question: str, quoted: str) -> None:
    assert not of_another_level(normalise(question), quoted)
