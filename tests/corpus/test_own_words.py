"""What documents say of themselves and of one another: numbers, days, validity, drafts, repeals."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from corpus.document import Document
from corpus.loaders.text import load
from corpus.metadata import facts
from corpus.metadata.own_words import day_of, read_own_words
from corpus.metadata.side_file import apply
from corpus.read import FileStatus, read
from corpus.validity import About
from qa.runtime.settings import ROOT
from tests.support.validity import with_validity

TODAY = date(2026, 11, 28)
OLD = "青川县救助办法\n\n青府发〔2019〕12号\n\n第一条 每户补助3000元。\n第二条 本办法自2019年7月1日起施行。\n"
NEW = (
    "青川县救助办法\n\n青府发〔2025〕3号\n\n第一条 每户补助5000元。\n第二条 本办法自2025年4月1日起施行，{}同时废止。\n"
)


def _document(name: str, text: str) -> Document:
    return load(name, text.encode())


def _values(text: str, name: str = "甲.txt") -> dict[str, object]:
    return dict(read_own_words(_document(name, text)).values)


@pytest.mark.parametrize(
    ("sentence", "since", "until"),
    [
        ("第九条 本办法自2025年4月1日起施行。", date(2025, 4, 1), None),
        ("第九条　本办法自二〇二五年四月一日起施行，有效期五年。", date(2025, 4, 1), date(2030, 3, 31)),
        ("本通知自2025年4月1日起执行，有效期至2027年12月31日。", date(2025, 4, 1), date(2027, 12, 31)),
        ("（有效期自2021年5月1日至2025年12月31日）", date(2021, 5, 1), date(2025, 12, 31)),
        ("本规定自印发之日起施行，试行期两年。", date(2024, 3, 5), date(2026, 3, 4)),
        ("本办法由区民政局负责解释。有效期3年。", None, date(2027, 3, 4)),
        ("本办法自公布之日起30日后施行。", date(2024, 4, 4), None),
        ("（2024年6月1日起停止执行，见新版。）", None, date(2024, 5, 31)),
        ("（2021年4月2日业主大会通过，2024年6月1日起停止执行）", None, date(2024, 5, 31)),
        ("本通知执行至2025年12月31日。", None, date(2025, 12, 31)),
        ("执行期限：2024年1月1日至2024年12月31日", date(2024, 1, 1), date(2024, 12, 31)),
        ("本标准自2018年7月1日起执行，执行至2020年12月31日。", date(2018, 7, 1), date(2020, 12, 31)),
        ("本通知自2025年1月1日起执行至2025年12月31日。", date(2025, 1, 1), date(2025, 12, 31)),
        ("本办法自2024年1月1日起试行一年。", date(2024, 1, 1), date(2024, 12, 31)),
        ("本公告自发布之日起生效，至2025年12月31日止。", date(2024, 3, 5), date(2025, 12, 31)),
        ("（执行至2020年12月31日）", None, date(2020, 12, 31)),
        ("本办法有效期至2025年12月。", None, date(2025, 12, 31)),
        ("本办法自2025年4月1日起施行，有效期至2026年底。", date(2025, 4, 1), date(2026, 12, 31)),
        ("本通知执行至2025年2月底。", None, date(2025, 2, 28)),
        ("以上政策执行至2025年底。", None, date(2025, 12, 31)),
        ("本方案实施期限为2024年1月1日至2026年12月31日。", date(2024, 1, 1), date(2026, 12, 31)),
        ("本方案的实施期限为2024年1月至2026年6月。", date(2024, 1, 1), date(2026, 6, 30)),
        ("本公告有效期为2025年1月1日至9月30日。", date(2025, 1, 1), date(2025, 9, 30)),
        ("本办法自2027年3月1日零时起施行。", date(2027, 3, 1), None),
        ("本办法从2025年4月1日起施行。", date(2025, 4, 1), None),
        ("本办法于二〇二五年四月一日（含当日）起正式施行。", date(2025, 4, 1), None),
        ("本办法2025年4月1日起施行。", date(2025, 4, 1), None),
        ("本办法的施行日期为2025年4月1日。", date(2025, 4, 1), None),
        ("生效日期：2025-04-01", date(2025, 4, 1), None),
        ("本办法自公布之日起一个月后施行。", date(2024, 4, 5), None),
        ("本价格执行时间为2024年4月1日至2025年3月31日。", date(2024, 4, 1), date(2025, 3, 31)),
    ],
)
def test_a_document_says_since_when_and_until_when_it_holds(
    sentence: str, since: date | None, until: date | None
) -> None:
    found = _values(f"关于某事的办法\n（2024年3月5日印发）\n第一条 为了规范工作，制定本办法。\n{sentence}\n")
    assert (found.get("in_force_from"), found.get("in_force_until")) == (since, until)


def test_a_year_in_the_title_of_a_table_ranks_its_document() -> None:
    table = replace(
        _document("条件表.txt", "申请条件表（2021年）\n\n项目：收入；标准：不高于2500元。\n"), title="条件表"
    )
    assert day_of(table) == date(2021, 1, 1)
    assert day_of(replace(table, text="申请条件表\n\n2021年收入不高于2500元。\n")) is None


@pytest.mark.parametrize(
    ("last", "date_"), [("2021年6月", "2021年6月"), ("（二〇二一年六月）", "2021年6月"), ("2021年6月起开放", None)]
)
def test_a_month_alone_on_the_last_line_is_the_date(last: str, date_: str | None) -> None:
    assert _values(f"中心简介\n\n中心设窗口42个。\n\n{last}\n").get("date") == date_


@pytest.mark.parametrize(
    "sentence",
    [
        "居住证有效期一年，到期换领。",
        "答：电话挂失属于临时挂失，有效期七天。",
        "《燃气管理条例》自2027年3月1日起施行。",
        "本办法第三条自2027年3月1日起施行。",
        "自2027年3月1日起施行新的收费标准。",
        "本办法所称居住证，有效期一年。",
        "第二代卡自2026年1月1日起停止使用金融功能。",
        "项目实施期限为2024年1月1日至2026年12月31日。",
        "以上第一项补贴执行至2025年底。\n以上第二项补贴执行至2026年底。",
        "报名自2025年1月1日起，至2025年12月31日止。",
        "补贴标准执行三年。",
        "优惠电价由县供电公司公布，执行至2025年底。",
        "本办法所称证件，有效期至2025年12月。",
        "新的收费标准2027年3月1日起执行。",
        "本办法第三条从2027年3月1日起施行。",
        "《燃气管理条例》施行日期为2027年3月1日。",
        "甲项目\n执行期限：2024年1月1日至2024年3月31日\n乙项目\n执行期限：2024年2月1日至2024年5月31日",
    ],
)
def test_what_is_said_of_something_else_is_not_the_documents_own(sentence: str) -> None:
    found = _values(f"关于某事的办法\n第一条 为了规范工作，制定本办法。\n{sentence}\n")
    assert not found.keys() & {"in_force_from", "in_force_until", "standing"}


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("通知\n各单位：请按时办理。\n县民政局\n二〇二四年十二月三日\n", "2024年12月3日"),
        ("通知\n各单位：请按时办理。\n\n2024年12月3日\n联系人：李明\n", "2024年12月3日"),
        ("通知\n（青府发〔2024〕5号，2024年12月3日印发）\n各单位：请按时办理。\n", "2024年12月3日"),
        ("通知\n发布日期：2024-12-03\n各单位：请按时办理。\n", "2024年12月3日"),
        ("房源表（截至2024年8月底）\n松柏苑有房，青竹苑没有。\n", "2024年8月底"),
        ("办法\n第一条 每户补助五千元。\n第二条 本办法自2025年4月1日起施行。\n", "2025年4月1日"),
        ("通知\n2018年3月2日印发的《停车办法》同时废止。\n县民政局\n2024年12月3日\n", "2024年12月3日"),
        ("通知\n2024年12月3日，县里开会研究了此事。会议决定如下。\n", None),
    ],
)
def test_the_day_of_a_document_is_the_one_it_is_signed_or_issued_on(text: str, day: str | None) -> None:
    assert _values(text).get("date") == day


BODY = "".join(f"{number}. 请各单位做好第{number}项工作。\n" for number in range(1, 15))
ANNEX = "取暖办法\n" + "".join(f"{number}. 申请人应当提交第{number}项材料。\n" for number in range(1, 15))


@pytest.mark.parametrize(
    ("foot", "day"),
    [
        ("附件：取暖办法\n县民政局\n2024年12月3日\n（此件公开发布）\n附件\n", "2024年12月3日"),
        ("县民政局\n二〇二四年十二月三日\n附件1\n", "2024年12月3日"),
        ("县民政局　县财政局\n2024年12月\n附件：取暖办法\n", "2024年12月"),
        ("附件：1.取暖办法\n2.申请表\n县民政局\n2024年12月3日\n附件1：取暖办法\n", "2024年12月3日"),
        ("县民政局\n2024年12月3日\n", "2024年12月3日"),
        ("县民政局调查于\n2024年12月3日\n", None),
        # A date within the first annex is not the document's, and a month above it may end a sentence.
        ("附件1\n县民政局\n2024年12月3日\n附件2\n", None),
        ("此项工作完成于\n2024年12月\n附件\n", None),
    ],
)
def test_the_signature_stands_above_an_annex_of_any_length(foot: str, day: str | None) -> None:
    assert _values(f"关于印发取暖办法的通知\n各单位：\n{BODY}{foot}{ANNEX}").get("date") == day


def test_the_year_of_its_number_ranks_a_document_without_any_other_date() -> None:
    (document,) = with_validity([_document("通知.txt", "关于取暖的通知\n青民发〔2024〕12号\n各单位：请办理。\n")])
    assert (document.about.date, day_of(document)) == ("", date(2024, 1, 1))
    assert day_of(replace(document, about=About(number="青民发12号"))) is None


def test_a_text_known_by_its_year_repeals_one_of_an_earlier_day_of_that_year() -> None:
    new = NEW.format("《青川县救助办法》").replace("本办法自2025年4月1日起施行", "本办法自发布之日起施行")
    for day, ended in (("2025年3月1日", True), ("2026年1月1日", False)):
        old = _document("旧.txt", OLD.replace("2019年7月1日", day))
        assert bool(with_validity([old, _document("新.txt", new)])[0].about.superseded_by) is ended


@pytest.mark.parametrize(
    ("history", "day"),
    [
        ("（2012年3月1日通过　2024年5月30日修订）", "2024年5月30日"),
        (
            "（2010年11月26日某县第十五届人民代表大会常务委员会第二十三次会议通过　"
            "根据2023年3月30日《某县人民代表大会常务委员会关于修改〈养犬条例〉的决定》修正）",
            "2023年3月30日",
        ),
        (
            "（2010年11月26日通过\n根据2015年4月2日《决定》第一次修正\n根据2023年3月30日《决定》第二次修正）",
            "2023年3月30日",
        ),
        ("（2010年3月1日公布（县令第3号）\n2019年5月6日修订）", "2019年5月6日"),
        ("2012年3月1日县人大常委会通过，2024年5月30日第一次修正", "2024年5月30日"),
        ("（2019年6月1日通过，2019年6月20日公布，自2019年8月1日起施行）", "2019年6月20日"),
        ("（2019年6月1日通过，根据2015年4月2日《奖励办法》制定）", "2019年6月1日"),
        ("（2019年6月1日通过，2021年5月4日印发的《奖励办法》另有规定的除外）", "2019年6月1日"),
    ],
)
def test_the_day_of_a_statute_is_that_of_its_last_change(history: str, day: str) -> None:
    assert _values(f"养犬条例\n{history}\n第一章 总则\n第一条 为了规范养犬，制定本条例。\n").get("date") == day


@pytest.mark.parametrize(
    ("field", "standing"),
    [
        ("文号：青府告〔2023〕3号；有效性：失效。", "失效"),
        ("时效性：已废止", "失效"),
        ("有效性：有效", None),
        ("时效性：现行有效", None),
        ("有效性：失效日期见附表", None),
    ],
)
def test_the_field_of_a_government_site_says_that_a_page_is_out_of_force(field: str, standing: str | None) -> None:
    assert _values(f"{field}\n关于禁烧的通告\n全县全时段禁止露天焚烧秸秆。\n").get("standing") == standing


@pytest.mark.parametrize(
    ("title", "standing"),
    [
        ("青川县救助办法（征求意见稿）", "征求意见稿"),
        ("青川县救助条例（修订草案）", "草案"),
        ("青川县2024年财政预算（草案）的报告", None),
        ("关于救助办法（征求意见稿）意见采纳情况的公告", None),
        ("青川县救助办法（2019，已废止）", "失效"),
        ("青川县救助办法（2019年，已停止执行）", "失效"),
        ("青川县救助办法（2024年修订）", None),
        ("青川县救助办法（修订稿）", "修订稿"),
        ("青川县救助办法（修订稿）（征求意见稿）", "征求意见稿"),
        ("关于公开征求《青川县救助办法（修订稿）》意见的公告", "征求意见稿"),
    ],
)
def test_drafts_and_repealed_texts_call_themselves_so(title: str, standing: str | None) -> None:
    assert _values(f"{title}\n\n第一条 每户补助五千元。\n").get("standing") == standing
    assert _values("第一条 每户补助五千元。\n", f"{title}.txt").get("standing") == standing


@pytest.mark.parametrize(
    "named",
    [
        "《青川县救助办法》（青府发〔2019〕12号）",
        "青府发[2019]12号文件",
        "原《青川县救助办法》",
        "县政府2019年印发的《青川县救助办法》",
    ],
)
def test_a_newer_text_puts_the_one_it_repeals_out_of_force(named: str) -> None:
    old, new = with_validity([_document("旧.txt", OLD), _document("新.txt", NEW.format(named))])
    assert old.about.out_of_force(TODAY) == ("已于2025年3月31日到期失效，由“青川县救助办法（青府发〔2025〕3号）”替代")
    assert not old.about.out_of_force(date(2025, 3, 31))
    assert not new.about.out_of_force(TODAY)


@pytest.mark.parametrize(
    "named",
    [
        "《青川县救助办法》第三条",
        "《青川县救助办法》（青府发〔2018〕9号）",
        "根据《青川县救助办法》制定的细则",
        "《青川县住房办法》",
    ],
)
def test_other_texts_stay_in_force(named: str) -> None:
    old, _ = with_validity([_document("旧.txt", OLD), _document("新.txt", NEW.format(named))])
    assert not old.about.out_of_force(TODAY)


def test_the_older_text_ends_when_the_newer_begins_whatever_days_stand_beside_its_name() -> None:
    old, _ = with_validity(
        [_document("旧.txt", OLD), _document("新.txt", NEW.format("自2019年7月1日起施行的《青川县救助办法》"))]
    )
    assert old.about.in_force_until == date(2025, 3, 31)
    told = "青川县社会保障办法\n青府发〔2025〕3号\n第一条 自2025年7月1日起，《青川县救助办法》停止执行。\n"
    old, _ = with_validity([_document("旧.txt", OLD), _document("新.txt", told)])
    assert old.about.in_force_until == date(2025, 6, 30)


@pytest.mark.parametrize(
    "begins",
    [
        "本办法自2027年3月1日零时起施行",
        "本办法自下一采暖季首日起施行",
        "本办法的施行日期由县政府另行公布",
        "第二条自2026年1月1日起施行，本办法自2026年1月1日起施行，自2027年3月1日起执行",
    ],
)
def test_an_older_text_holds_until_the_newer_begins(begins: str) -> None:
    new = f"青川县救助办法\n青府发〔2025〕3号\n（2025年5月6日印发）\n第二条 {begins}，《青川县救助办法》同时废止。\n"
    old, _ = with_validity([_document("旧.txt", OLD), _document("新.txt", new)])
    assert not old.about.out_of_force(TODAY)
    begun = new.replace(begins, "本办法自2026年3月1日起施行")
    assert with_validity([_document("旧.txt", OLD), _document("新.txt", begun)])[0].about.out_of_force(TODAY)


def test_the_day_of_a_repeal_may_stand_before_the_verb_alone() -> None:
    told = "关于废止文件的决定\n青府发〔2025〕3号\n自2027年4月1日起，废止《青川县救助办法》（青府发〔2019〕12号）。\n"
    old, _ = with_validity([_document("旧.txt", OLD), _document("新.txt", told)])
    assert old.about.in_force_until == date(2027, 3, 31)


def test_staff_may_state_the_beginning_that_is_not_read() -> None:
    new = _document("新.txt", NEW.format("《青川县救助办法》").replace("2025年4月1日", "下一采暖季首日"))
    old, _ = with_validity([_document("旧.txt", OLD), apply(new, {"生效日期": "2026-03-01"})])
    assert old.about.in_force_until == date(2026, 2, 28)


def test_a_number_without_its_office_means_no_document_where_several_have_it() -> None:
    other = _document("他.txt", OLD.replace("青府发", "青民发").replace("救助", "优抚"))
    new = _document("新.txt", NEW.format("〔2019〕12号文件"))
    assert with_validity([_document("旧.txt", OLD), new])[0].about.out_of_force(TODAY)
    assert not any(one.about.out_of_force(TODAY) for one in with_validity([_document("旧.txt", OLD), other, new]))


@pytest.mark.parametrize(
    "more",
    [
        "同时废止《青川县救助办法》（青府发〔2019〕12号）。",
        "下列文件同时废止：\n1.《青川县住房办法》\n2.《青川县救助办法》\n",
    ],
)
def test_a_repeal_may_stand_before_the_names(more: str) -> None:
    new = f"青川县社会保障办法\n青府发〔2025〕3号\n第二条 本办法自2025年4月1日起施行。\n{more}"
    old, _ = with_validity([_document("旧.txt", OLD), _document("新.txt", new)])
    assert old.about.out_of_force(TODAY)


TABLE = "序号：{}；文件名称：{}；文号：{}。\n"
ROWS = TABLE.format(1, "青川县住房办法", "青府发〔2018〕9号") + TABLE.format(2, "青川县救助办法", "青府发〔2019〕12号")


@pytest.mark.parametrize(
    "words",
    [
        "第二条 本办法自2025年4月1日起施行，青府发〔2019〕12号文件同时作废。",
        "第二条 本办法自2025年4月1日起施行，《青川县救助办法》同时停止使用。",
        "第二条 本办法自2025年4月1日起施行，取代《青川县救助办法》（青府发〔2019〕12号）。",
        "本标准代替《青川县救助办法》。",
        "代替《青川县救助办法》",
        f"县政府决定废止附件所列文件。\n附件\n{ROWS}",
        f"附件1\n继续有效的文件目录\n{TABLE.format(1, '停车办法', '')}附件2\n宣布失效的文件目录\n{ROWS}",
        "清理结果如下。\n序号：1；名称：《青川县救助办法》；清理意见：废止。\n",
        "县政府决定废止下列文件。\n一、《青川县住房办法》\n二、《青川县救助办法》",
    ],
)
def test_a_repeal_is_known_by_other_verbs_and_in_tables(words: str) -> None:
    new = _document("新.txt", f"青川县社会保障办法\n青府发〔2025〕3号\n（2025年4月1日印发）\n{words}\n")
    old, _ = with_validity([_document("旧.txt", OLD), new])
    assert old.about.in_force_until == date(2025, 3, 31)


@pytest.mark.parametrize(
    "words",
    [
        "复印件不能代替《青川县救助办法》规定的原件。",
        "本办法由《青川县救助办法》取代。",
        "《青川县救助办法》取代《青川县住房办法》。",
        f"附件1\n废止的文件目录\n{TABLE.format(1, '停车办法', '')}附件2\n继续有效的文件目录\n{ROWS}",
        "废止的文件目录\n序号：1；名称：《青川县救助办法》；清理意见：保留。\n",
        "遗失的证件作废。\n事项名称：青川县救助办法；窗口：3号。\n",
        "有下列情形之一的，救助证失效。\n（一）不再符合《青川县救助办法》的；\n",
    ],
)
def test_other_words_beside_a_text_do_not_end_it(words: str) -> None:
    new = _document("新.txt", f"青川县社会保障办法\n青府发〔2025〕3号\n（2025年4月1日印发）\n{words}\n")
    old, _ = with_validity([_document("旧.txt", OLD), new])
    assert not old.about.out_of_force(TODAY)


def test_a_text_revised_within_the_notice_that_issues_it_stands_for_the_older_one() -> None:
    title = "青川县人民政府关于印发《青川县救助办法（2025年修订）》的通知"
    revised = f"{title}\n青府发〔2025〕3号\n第二条 本办法自2025年4月1日起施行。\n"
    old, _ = with_validity([_document("旧.txt", OLD), _document("新.txt", revised)])
    assert old.about.in_force_until == date(2025, 3, 31)
    other = revised.replace("（2025年修订）", "")
    assert not with_validity([_document("旧.txt", OLD), _document("新.txt", other)])[0].about.out_of_force(TODAY)


def test_a_draft_is_out_of_force_and_repeals_nothing() -> None:
    new = NEW.format("《青川县救助办法》（青府发〔2019〕12号）").replace("救助办法\n", "救助办法（征求意见稿）\n", 1)
    old, draft = with_validity([_document("旧.txt", OLD), _document("新.txt", new)])
    assert (old.about.out_of_force(TODAY), draft.about.out_of_force(TODAY)) == ("", "是征求意见稿，不是正式文件")


@pytest.mark.parametrize(
    ("called", "begins", "standing"),
    [
        ("修订稿", "2025年4月1日", ""),
        ("修订", "2025年4月1日", ""),
        ("修订稿", "2027年1月1日", "是修订稿，不是正式文件"),
        ("修订", "2027年1月1日", "尚未生效，自2027年1月1日起施行"),
        ("修订草案", "2025年4月1日", "是草案，不是正式文件"),
        ("送审稿", "2025年4月1日", "是送审稿，不是正式文件"),
        ("修订稿征求意见稿", "2025年4月1日", "是征求意见稿，不是正式文件"),
    ],
)
def test_only_a_revised_text_that_begins_to_hold_is_no_draft_any_more(called: str, begins: str, standing: str) -> None:
    text = f"青川县救助办法（{called}）\n第二条 本办法自{begins}起施行。\n"
    old, new = with_validity([_document("旧.txt", OLD), _document("新.txt", text)])
    assert new.about.out_of_force(TODAY) == standing
    assert bool(old.about.out_of_force(TODAY)) == (standing == "")
    assert bool(old.about.out_of_force(date(2027, 2, 1))) == called.endswith(("修订稿", "修订"))


def test_a_revised_text_that_states_no_beginning_is_a_draft() -> None:
    (alone,) = with_validity([_document("新.txt", "青川县救助办法（修订稿）\n第一条 每户补助5000元。\n")])
    assert alone.about.out_of_force(TODAY) == "是修订稿，不是正式文件"


def test_a_revised_text_stands_for_the_older_one_of_its_name() -> None:
    revised = "青川县救助办法（2025年修订）\n青府发〔2025〕3号\n第二条 本办法自2025年4月1日起施行。\n"
    old, _ = with_validity([_document("旧.txt", OLD), _document("新.txt", revised)])
    assert old.about.out_of_force(TODAY)


def test_a_repeal_goes_with_the_text_that_says_so() -> None:
    old, new = with_validity([_document("旧.txt", OLD), _document("新.txt", NEW.format("《青川县救助办法》"))])
    assert old.about.out_of_force(TODAY)
    (alone,) = with_validity([old])
    assert not alone.about.out_of_force(TODAY)
    assert alone.content_hash == old.content_hash == _document("旧.txt", OLD).content_hash


@pytest.mark.parametrize("values", [{"时效": "现行"}, {"失效日期": "2027-01-01"}])
def test_staff_have_the_last_word(values: dict[str, str]) -> None:
    kept = apply(_document("旧.txt", OLD), values)
    old, _ = with_validity([kept, _document("新.txt", NEW.format("《青川县救助办法》"))])
    assert not old.about.out_of_force(TODAY)


def test_staff_may_call_a_document_a_draft() -> None:
    draft = apply(_document("旧.txt", OLD), {"时效": "草案"})
    assert draft.about.out_of_force(TODAY) == "是草案，不是正式文件"


def test_staff_are_told_which_words_put_a_document_out_of_force_and_how_to_undo_it(tmp_path: Path) -> None:
    (tmp_path / "旧.txt").write_text(OLD, encoding="utf-8")
    (tmp_path / "新.txt").write_text(NEW.format("《青川县救助办法》"), encoding="utf-8")
    report = {file.name: file for file in read(tmp_path, today=TODAY).files}
    assert report["旧.txt"].status is FileStatus.OUT_OF_FORCE
    assert "新.txt写明“第二条 本办法自2025年4月1日起施行，《青川县救助办法》同时废止。”" in report["旧.txt"].reason
    assert "时效: 现行" in report["旧.txt"].reason
    assert report["新.txt"].reason == ""


def test_what_staff_wrote_is_told_apart_from_what_was_read() -> None:
    (document,) = with_validity([apply(_document("旧.txt", OLD), {"发文机关": "县政府"})])
    assert document.about.date == "2019年7月1日"
    assert document.about.written == About(issuer="县政府")


def test_facts_are_read_again_after_a_change_of_any_module_that_reads_texts() -> None:
    looked_at = {path for pattern in facts._CODE for path in ROOT.glob(pattern)}
    assert looked_at == {path for room in ("metadata", "text") for path in (ROOT / "corpus" / room).rglob("*.py")}
