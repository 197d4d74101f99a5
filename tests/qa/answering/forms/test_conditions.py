"""Figures of a question are held against the thresholds of a condition."""

import pytest

from corpus.text.normalise import normalise
from qa.answering.forms.conditions import compared


@pytest.mark.parametrize(
    ("question", "condition", "relation", "inside"),
    [
        ("79岁能领吗", "年满80周岁的老年人可以享受", "79岁 < 80周岁", False),
        ("80岁能领吗", "年满80周岁的老年人可以享受", "80岁 ≥ 80周岁", True),
        ("我才40岁能去吗", "60周岁以下的居民也可以来吃", "40岁 ≤ 60周岁", True),
        ("十七岁骑车能带人吗", "十六周岁至十八周岁的驾驶人不得载人", "十七岁：十六周岁至十八周岁", True),
        ("95岁能领多少", "90至99周岁每月150元", "95岁：90至99周岁", True),
        ("花300块能减吗", "不满200元的不减", "300块 > 200元", False),
        ("五间房能评吗", "乙级不少于5间", "五间 ≥ 5间", True),  # no fewer than is a least
        ("来了12人够不够", "每队不低于15人", "12人 < 15人", False),
        ("钓一公斤能带走吗", "每日带走少于2公斤", "一公斤 ≤ 2公斤", True),
        ("钓两公斤能带走吗", "每日带走少于2公斤", "两公斤 = 2公斤", False),
        ("我妈今年72，能领吗", "年满80周岁的老年人可以享受", "72岁 < 80周岁", False),  # units that are not said
        ("我今年八十二了 能领吗", "年满80周岁的老年人可以享受", "八十二岁 ≥ 80周岁", True),
        ("预算8万能用吗", "不足20万元的可以自行选定", "8万元 ≤ 20万元", True),
        ("刚好60平能减吗", "60平方米（含）至90平方米减半", "60平：60平方米（含）至90平方米", True),
        ("刚好90平能减吗", "60平方米（含）至90平方米减半", "90平 = 60平方米（含）至90平方米", False),
        ("60平米能减吗", "60至90平方米（含）减半", "60平米 = 60至90平方米", False),
        ("90平米能减吗", "60平方米（含）至90平方米（含）减半", "90平米：60平方米（含）至90平方米", True),
        ("60平米能减吗", "60平方米（不含）至90平方米减半", "60平米 = 60平方米（不含）至90平方米", False),
        ("刚好60平能减吗", "60㎡至90㎡减半", "60平：60m2至90m2", True),
        ("90平米能减吗", "60至90平方米减半", "90平米：60至90平方米", True),
    ],
)
def test_shows_both_figures_and_how_they_stand(question: str, condition: str, relation: str, inside: bool) -> None:
    met = compared(normalise(question), condition)
    assert met is not None and (met.relation, met.inside) == (relation, inside)


@pytest.mark.parametrize(
    ("question", "condition"),
    [
        ("79岁能领吗", "补贴每月60元以上"),  # another unit
        ("79岁能领吗", "老年人80岁时领取"),  # no bound
        ("79岁能领吗", "70周岁以上半价，80周岁以上免费"),  # two thresholds
        ("今年8万人能去吗", "不足20万元的可以自行选定"),  # no sum
    ],
)
def test_concludes_nothing_where_no_single_threshold_of_the_unit_stands(question: str, condition: str) -> None:
    assert compared(normalise(question), condition) is None
