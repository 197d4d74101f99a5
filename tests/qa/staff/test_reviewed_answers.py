"""Staff write reviewed answers, publishers approve them, and neither overwrites the other."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from corpus.document import Document, Heading, Span
from index.snapshots.snapshot import build
from qa.runtime.errors import Missing, NotAllowed, Overtaken, Unfit
from qa.staff.permissions import Role
from qa.staff.reviewed_answers.management import OwnAnswer
from qa.storage.reviewed_answers import Source
from tests.support.doubles.toy import COOPERATION
from tests.support.growth import grows_too_fast
from tests.support.programs.feedback_office import NEXT_YEAR, WORDS, LoopOffice

pytestmark = pytest.mark.usefixtures("both_engines")

QUESTION = "商会的会员有多少？"


@pytest.fixture
def office(tmp_path: Path) -> LoopOffice:
    return LoopOffice(tmp_path)


def test_an_editor_writes_and_only_a_publisher_shows_it(office: LoopOffice) -> None:
    place = office.console(role=Role.EDITOR).reviewed.place("合作.txt", "有会员企业\n 237家")
    assert COOPERATION.text[place.start : place.end] == place.words == WORDS
    to: dict[str, Any] = {
        "owner": "商务委",
        "expires_on": NEXT_YEAR,
        "document": "合作.txt",
        "start": place.start,
        "end": place.end,
    }
    answer = office.console("李强", Role.EDITOR).reviewed.write([QUESTION, " 会员多少 "], "237家。", **to)
    assert (answer.state, answer.questions, answer.changed_by) == ("draft", (QUESTION, "会员多少"), "李强")
    with pytest.raises(NotAllowed):
        office.console("李强", Role.EDITOR).reviewed.approve(answer.id, answer.version)
    approved = office.console("王芳", Role.PUBLISHER).reviewed.approve(answer.id, answer.version)
    assert (approved.state, approved.approved_by) == ("live", "王芳")
    assert [row.target for row in office.console().audit() if row.outcome == "done"] == ["write 1", "approve 1"]


def test_a_change_of_a_live_answer_waits_beside_it_until_it_is_approved(office: LoopOffice) -> None:
    answer = office.review(QUESTION)
    changed = office.console("李强", Role.EDITOR).reviewed.change(answer.id, answer.version, text="238家企业。")
    assert (changed.state, changed.approved_by, changed.text) == ("live", "王芳", answer.text)
    assert changed.draft and (changed.draft.text, changed.draft.authors, changed.waits) == (
        "238家企业。",
        ("李强",),
        True,
    )
    desk = office.console().reviewed
    assert [one.id for one in desk.list(state="draft")] == [answer.id]
    with pytest.raises(Overtaken, match="李强"):
        desk.approve(answer.id, answer.version)
    again = office.console("赵蕾", Role.EDITOR).reviewed.change(answer.id, changed.version, owner="教委")
    assert again.draft and (again.draft.text, again.draft.owner, again.owner) == ("238家企业。", "教委", "商务委")
    approved = desk.approve(answer.id, again.version)
    assert (approved.text, approved.owner, approved.draft, approved.waits) == ("238家企业。", "教委", None, False)


def test_a_draft_beside_a_live_answer_can_be_dropped(office: LoopOffice) -> None:
    answer = office.review(QUESTION)
    desk = office.console("李强", Role.EDITOR).reviewed
    changed = desk.change(answer.id, answer.version, text="238家企业。")
    with pytest.raises(Unfit, match="请填写放弃的原因"):
        desk.discard(answer.id, changed.version, " ")
    dropped = desk.discard(answer.id, changed.version, "原来的好")
    assert (dropped.state, dropped.text, dropped.draft) == ("live", answer.text, None)
    with pytest.raises(Unfit, match="没有待审核的改动"):
        desk.discard(answer.id, dropped.version, "再放弃一次")


@pytest.mark.parametrize("live", [False, True], ids=["new", "changed"])
def test_nobody_approves_an_answer_of_his_own(office: LoopOffice, live: bool) -> None:
    first = office.review(QUESTION, approved=live)
    own = office.console("赵蕾", Role.ADMIN).reviewed
    written = own.change(first.id, first.version, text="238家企业。")
    with pytest.raises(OwnAnswer, match="另一位"):
        own.approve(first.id, written.version)
    assert not own.may_approve(written) and own.get(first.id).state == first.state
    assert office.console().reviewed.may_approve(written)
    assert office.console().reviewed.approve(first.id, written.version).text == "238家企业。"


@pytest.mark.parametrize("live", [False, True], ids=["new", "changed"])
def test_of_an_answer_by_two_neither_approves_it_alone(office: LoopOffice, live: bool) -> None:
    """Who wrote in it earlier is an author, too, however many changed it later."""
    first = office.review(QUESTION, approved=live)  # written by 李强, approved by 王芳
    one = office.console("赵蕾", Role.PUBLISHER).reviewed.change(first.id, first.version, text="238家企业。")
    two = office.console("孙涛", Role.PUBLISHER).reviewed.change(first.id, one.version, owner="教委")
    assert two.waiting.authors == (("赵蕾", "孙涛") if live else ("李强", "赵蕾", "孙涛"))
    for who in ("赵蕾", "孙涛"):
        with pytest.raises(OwnAnswer, match="赵蕾、孙涛"):
            office.console(who).reviewed.approve(first.id, two.version)
    approved = office.console().reviewed.approve(first.id, two.version)
    assert (approved.text, approved.authors[-2:]) == ("238家企业。", ("赵蕾", "孙涛"))
    again = office.console("王芳").reviewed.change(first.id, approved.version, text="239家企业。")
    assert again.waiting.authors == ("王芳",), "what was approved counts no more"
    assert office.console("孙涛").reviewed.approve(first.id, again.version).text == "239家企业。"


def test_an_author_does_not_get_rid_of_being_one(office: LoopOffice) -> None:
    first = office.review(QUESTION, approved=False)
    own = office.console("赵蕾", Role.PUBLISHER).reviewed
    written = own.change(first.id, first.version, text="238家企业。")
    stopped = own.withdraw(first.id, written.version, "重写")
    renewed = office.console("孙涛", Role.EDITOR).reviewed.change(first.id, stopped.version)
    with pytest.raises(OwnAnswer):
        own.approve(first.id, renewed.version)
    assert office.console().reviewed.approve(first.id, renewed.version).state == "live"
    stopped = office.console().reviewed.withdraw(first.id, renewed.version + 1, "有误")
    for publisher in (own, office.console().reviewed):
        with pytest.raises(Unfit, match="已停用"):
            publisher.approve(first.id, stopped.version)
    again = office.console("孙涛", Role.EDITOR).reviewed.change(first.id, stopped.version)
    assert own.approve(first.id, again.version).state == "live", "the control"


def test_an_office_with_a_single_publisher_may_say_so(tmp_path: Path) -> None:
    office = LoopOffice(tmp_path, QA_FOUR_EYES="no")
    answer = office.review(QUESTION, approved=False)
    own = office.console("赵蕾", Role.PUBLISHER).reviewed
    written = own.change(answer.id, answer.version, text="238家企业。")
    assert own.may_approve(written)
    assert own.approve(answer.id, written.version).approved_by == "赵蕾"


def test_a_changed_source_is_looked_up_anew_where_its_words_still_stand(office: LoopOffice) -> None:
    answer = office.review(QUESTION)
    desk, editor = office.console().reviewed, office.console("李强", Role.EDITOR).reviewed
    office.publish("新的开头。\n" + COOPERATION.text)
    assert [one.id for one in desk.list(state="review")] == [answer.id]
    renewed = editor.change(answer.id, answer.version)
    assert renewed.draft and renewed.draft.source.start == answer.source.start + len("新的开头。\n")
    assert desk.approve(answer.id, renewed.version).state == "live"
    office.publish(COOPERATION.text.replace(WORDS, "会员很多"))
    with pytest.raises(Unfit, match="没有这段文字"):
        editor.change(answer.id, desk.get(answer.id).version)


def test_what_cannot_be_shown_cannot_be_approved(office: LoopOffice) -> None:
    draft = office.review(QUESTION, approved=False)
    office.publish(COOPERATION.text.replace("29个", "30个"))
    with pytest.raises(Unfit, match="不能启用.*有改动"):
        office.console().reviewed.approve(draft.id, draft.version)


def test_one_question_has_one_answer(office: LoopOffice) -> None:
    first = office.review(QUESTION)
    other = office.review("请问商会的会员有多少", approved=False)
    desk = office.console().reviewed
    with pytest.raises(Unfit, match=f"人工审核答案{first.id}"):
        desk.approve(other.id, other.version)
    desk.withdraw(first.id, first.version, "重写")
    assert desk.approve(other.id, other.version).state == "live"


@pytest.mark.parametrize(
    ("to", "told"),
    [
        ({"questions": []}, "至少一个问题"),
        ({"questions": ["长" * 501]}, "缩短"),
        ({"questions": ["问"] + [f"问题{n}" for n in range(30)]}, "最多30个"),
        ({"text": " "}, "填写答案"),
        ({"text": "长" * 501}, "缩短"),
        ({"owner": ""}, "负责人"),
        ({"expires_on": date(2020, 1, 1)}, "已经过去"),
        ({"questions": ["今年招生多少人？"]}, "今年.*12月31日"),
        ({"document": "没有.txt"}, "没有文件"),
        ({"start": 5, "end": 5}, "重新选定"),
        ({"start": 0, "end": 99_999}, "重新选定"),
        ({"start": -3, "end": 4}, "重新选定"),
    ],
)
def test_a_form_with_something_wrong_is_told_what(office: LoopOffice, to: dict[str, Any], told: str) -> None:
    form: dict[str, Any] = {"questions": [QUESTION], "text": "237家。", "owner": "商务委", "expires_on": NEXT_YEAR}
    form |= {"document": "合作.txt", "start": 0, "end": 4}
    desk = office.console().reviewed
    assert desk.write(**form).state == "draft"
    with pytest.raises(Unfit, match=told):
        desk.write(**{**form, **to})
    assert len(desk.list()) == 1


def test_a_source_is_as_long_as_its_words() -> None:
    whole = Source("a.txt", "hash", "s", 2, 4, "原文")
    with pytest.raises(ValueError, match="characters quoted"):
        replace(whole, end=5)


def test_the_nearest_answers_are_shown_to_who_writes_another(office: LoopOffice) -> None:
    answer = office.review(QUESTION)
    office.review("产业园在哪里？", text="在白涛。")
    nearest, further = office.console().reviewed.near("商会的会员有多少呢？")
    assert (nearest.answer.id, nearest.matches, further.matches) == (answer.id, True, False)
    assert nearest.similarity > further.similarity


def test_what_is_not_there_is_said(office: LoopOffice) -> None:
    with pytest.raises(Missing, match="编号为7"):
        office.console().reviewed.get(7)
    with pytest.raises(Unfit, match="停用的原因"):
        answer = office.review(QUESTION)
        office.console().reviewed.withdraw(answer.id, answer.version, " ")


def test_an_answer_may_hold_for_today_only(office: LoopOffice) -> None:
    answer = office.review(QUESTION)
    desk = office.console().reviewed
    changed = desk.change(answer.id, answer.version, expires_on=date.today())
    assert changed.draft and changed.draft.expires_on == date.today()
    with pytest.raises(Unfit, match="已经过去"):
        desk.change(answer.id, answer.version + 1, expires_on=date.today() - timedelta(days=1))


def test_the_nearest_passages_are_offered_sentence_by_sentence(office: LoopOffice) -> None:
    offers = office.console(role=Role.EDITOR).offers.near("商会有会员企业多少家？")
    assert WORDS in "".join(one.text for one in offers[0].sentences) and offers[0].document == "合作.txt"
    for offer in offers:
        text = {"合作.txt": COOPERATION.text}.get(offer.document)
        assert text is None or all(text[one.start : one.end] == one.text for one in offer.sentences)
    office.console().documents.withdraw("合作.txt", why="有误")
    assert {offer.document for offer in office.console().offers.near("商会有会员企业多少家？")} == {"产业.txt"}


def test_what_a_document_repeats_is_offered_once(office: LoopOffice) -> None:
    """Four times the same words stood where the passage with the answer should have been."""
    head, answer = "商会会员\n商会有会员企业多少家见名单。\n", "商会\n会员企业有237家。\n"
    places = [number * len(head) for number in range(9)]
    spans = [Span(at, at + 4) for at in places] + [Span(9 * len(head), 9 * len(head) + 2)]
    headings = tuple(Heading(2, span) for span in spans)
    document, store = replace(COOPERATION, text=head * 9 + answer, headings=headings), office.console()._store
    with store.writing():
        store.publish(store.save(build([document], office.embedder, max_tokens=20)))
    offers = office.console(role=Role.EDITOR).offers.near("商会有会员企业多少家？")
    assert [offer.sentences[-1].text.strip() for offer in offers] == [
        "商会有会员企业多少家见名单。",
        "会员企业有237家。",
    ]


def test_a_heading_is_no_evidence_and_parts_no_sentences(office: LoopOffice) -> None:
    text = "第一章 会员\n商会有会员企业237家。\n第二章 会费\n会费每年300元。\n"
    spans = [Span(text.index(words), text.index(words) + len(words)) for words in ("第一章 会员", "第二章 会费")]
    store = office.console()._store
    document = replace(COOPERATION, text=text, headings=tuple(Heading(2, span) for span in spans))
    with store.writing():
        store.publish(store.save(build([document], office.embedder, max_tokens=200)))
    offers = office.console().offers
    found = [one for offer in offers.near("商会有会员企业多少家？") for one in offer.sentences]
    assert [one.text.strip() for one in found] == ["商会有会员企业237家。", "会费每年300元。"]
    first, last = ((document.name, one.start, one.end) for one in found)
    assert offers.marked([first, last]) == (document.name, first[1], last[2]), "only a heading lies between"
    with pytest.raises(Unfit, match="连在一起"):
        offers.marked([(document.name, first[1], first[1] + 3), last])


@pytest.mark.parametrize(
    ("marks", "told"),
    [
        ([], "点选"),
        ([("合作.txt", 0, 4), ("产业.txt", 4, 8)], "同一份文件"),
        ([("合作.txt", 0, 4), ("合作.txt", 8, 12)], "连在一起"),
    ],
)
def test_marks_that_are_no_one_place_are_refused(
    office: LoopOffice, marks: list[tuple[str, int, int]], told: str
) -> None:
    offers = office.console().offers
    with pytest.raises(Unfit, match=told):
        offers.marked(marks)
    assert offers.marked([("合作.txt", 4, 8), ("合作.txt", 0, 4)]) == ("合作.txt", 0, 8)


def test_of_two_who_answer_a_group_at_once_the_second_is_told(office: LoopOffice) -> None:
    office.note(question=QUESTION)
    (group,) = office.console().todo.list()
    source = office.console().reviewed.place("合作.txt", WORDS)
    place: dict[str, Any] = {"document": "合作.txt", "start": source.start, "end": source.end}
    to = {**place, "owner": "商务委", "expires_on": NEXT_YEAR, "todo": group.id, "todo_version": group.version}
    office.console("李强", Role.EDITOR).reviewed.write([QUESTION], "237家。", **to)
    with pytest.raises(Overtaken, match="李强"):
        office.console("王芳", Role.EDITOR).reviewed.write([QUESTION], "二百家。", **to)
    assert [one.text for one in office.console().reviewed.list()] == ["237家。"]


def test_words_are_found_across_white_space_and_to_their_last_character(office: LoopOffice) -> None:
    office.publish("合作\n\n甲 乙\u3000丙\n丁。\n甲乙丙戊")
    desk = office.console(role=Role.EDITOR).reviewed
    for words, shown in (("乙丙 丁", "乙\u3000丙\n丁"), ("戊", "戊"), ("甲乙丙戊", "甲乙丙戊"), ("合", "合")):
        assert desk.place("合作.txt", words).words == shown
    for words in ("", " \n", "甲丁", "戊甲"):
        with pytest.raises(Unfit, match="没有这段文字"):
            desk.place("合作.txt", words)


def test_looking_for_words_takes_no_longer_than_text_and_words_are_long(
    office: LoopOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    """T75: words that nearly fit everywhere in a line of dots would keep all others waiting."""
    desk = office.console(role=Role.EDITOR).reviewed

    def look(size: int) -> None:
        dots = Document("合作.txt", "合作", "合" + "…" * (10 * size))
        monkeypatch.setattr(desk, "_document", lambda name: (dots, "snapshot-000001"))
        with pytest.raises(Unfit):
            desk.place("合作.txt", "…" * size + "完")

    assert not grows_too_fast(look, 2_000)
