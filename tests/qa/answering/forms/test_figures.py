import pytest

from qa.answering.forms.figures import facts


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("结成十三对", "结成13对"),
        ("1402.74亿元", "14027400万元"),
        ("三亿五千万元", "35000万元"),
        ("百分之六十二点五", "62.5%"),
        ("1,402.74亿元", "１４０２.74亿元"),
        ("12万平方米", "十二万平方米"),
        ("两家", "2家"),
        ("37名", "三十七位"),
        ("10余家", "十多家"),
        ("捐赠超过3000万元", "捐赠三千万元以上"),
        ("第三批", "第3批"),
    ],
)
def test_a_figure_is_the_same_however_written(one: str, other: str) -> None:
    (first,), (second,) = facts(one).figures, facts(other).figures
    assert first.same(second)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("13对", "14对"),
        ("18亿元", "18万元"),
        ("35家", "35个"),
        ("超过3000万元", "3000万元"),
        ("不到3000万元", "超过3000万元"),
        ("第3家", "3家"),
        ("约5万人", "5万人"),
        ("62.5%", "62.5个百分点"),
    ],
)
def test_another_number_unit_or_bound_is_another_figure(one: str, other: str) -> None:
    (first,), (second,) = facts(one).figures, facts(other).figures
    assert not first.same(second)


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("15千瓦时", 15, "千瓦时"),
        ("三千瓦", 3, "千瓦"),
        ("1.5万千瓦", 15000, "千瓦"),
        ("15千克", 15, "公斤"),
        ("15千米", 15, "公里"),
        ("110千伏", 110, "千伏"),
        ("250千字", 250, "千字"),
        ("1013百帕", 1013, "百帕"),
        ("3千人", 3000, "人"),
        ("三千米", 3000, "米"),
    ],
)
def test_a_unit_that_begins_with_a_multiplier_multiplies_nothing(text: str, value: int, unit: str) -> None:
    (figure,) = facts(text).figures
    assert figure.value == value and figure.unit == unit


def test_dates_are_read_in_every_form_and_are_no_figures() -> None:
    found = facts("二〇二〇年十一月二十一日；2020-11-21；2021年9月；2月25日")
    assert [(d.year, d.month, d.day) for d in found.dates] == [
        (2020, 11, 21),
        (2020, 11, 21),
        (2021, 9, None),
        (None, 2, 25),
    ]
    assert found.figures == ()


def test_a_year_stands_within_a_full_date_and_not_the_other_way_round() -> None:
    (year,), (day,) = facts("2020年").dates, facts("2020年11月21日").dates
    assert year.within(day) and not day.within(year)
    assert not year.contradicts(day) and facts("2021年").dates[0].contradicts(day)


@pytest.mark.parametrize("text", ["进一步统一思想", "十分重要", "三峡移民", "万凯", "一如既往"])
def test_words_with_a_numeral_in_them_are_no_figures(text: str) -> None:
    assert facts(text).figures == ()
    assert facts(text + "13对").figures[0].value == 13


@pytest.mark.parametrize("text", ["90平，住人", "90平能减吗", "90平米的店", "90平的店", "90㎡"])
def test_square_metres_are_said_in_short(text: str) -> None:
    (figure,) = facts(text).figures
    assert figure.value == 90 and figure.unit == "平方米"


@pytest.mark.parametrize("text", ["3平行线", "50平方", "2平台"])
def test_other_words_behind_a_number_are_no_square_metres(text: str) -> None:
    assert facts(text).figures[0].unit == ""
