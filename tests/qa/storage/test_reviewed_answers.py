"""Reviewed answers are shown for their question only, with a source that stands, and never longer than that."""

import time
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from pathlib import Path

import pytest

from corpus.validity import About
from index.snapshots.served import Loaded, load_served
from qa.answering.assistant import Assistant
from qa.answering.overrides import Withdrawn
from qa.answering.query_rewriting import Synonyms
from qa.answering.reader.similarity import SimilarityReader
from qa.answering.reply import QUOTED, REVIEWED, Answer, Reply, as_json
from qa.staff.permissions import Role
from qa.storage.database import DATABASE, open_database
from qa.storage.reviewed_answers import ReviewedAnswers, why_not_shown
from qa.storage.reviewed_answers import read as read_reviewed
from qa.web import html
from qa.web.translations import LANGUAGES, words
from tests.support.doubles.toy import COOPERATION
from tests.support.programs.feedback_office import NEXT_YEAR, WORDS, LoopOffice

pytestmark = pytest.mark.usefixtures("both_engines")

QUESTION = "商会的会员有多少？"


@pytest.fixture
def office(tmp_path: Path) -> LoopOffice:
    return LoopOffice(tmp_path)


def server(office: LoopOffice, *, today: date | None = None) -> Assistant:
    """An assistant as a server process has it, which sees what staff change at once."""
    synonyms = Synonyms([])
    reviewed = ReviewedAnswers(office.home / DATABASE, office.embedder, synonyms, seconds=0)
    reader = SimilarityReader(office.embedder)
    reader.threshold = 0.99
    store = office.console()._store

    def served() -> Loaded:
        return load_served(store, model=office.embedder.name)

    return Assistant(
        served,
        office.embedder,
        reader,
        synonyms,
        reviewed=reviewed,
        today=partial(lambda day: day, today or date.today()),
    )


def made_by(reply: Reply) -> str:
    return reply.made_by if isinstance(reply, Answer) else reply.status


def test_an_approved_answer_is_shown_with_its_source(office: LoopOffice) -> None:
    office.review(QUESTION)
    reply = server(office).ask("商會的会员到底有多少？")
    assert isinstance(reply, Answer)
    (citation,) = reply.citations
    assert (reply.text, reply.made_by, citation.text) == ("会员企业共237家。", REVIEWED, WORDS)
    assert COOPERATION.text[citation.start : citation.end] == WORDS
    assert as_json(reply)["made_by"] == REVIEWED


def test_a_draft_and_a_near_miss_are_not(office: LoopOffice) -> None:
    answer = office.review(QUESTION, approved=False)
    assistant = server(office)
    assert made_by(assistant.ask(QUESTION)) != REVIEWED
    office.console().reviewed.approve(answer.id, answer.version)
    assert made_by(assistant.ask(QUESTION)) == REVIEWED
    for other in ("商会的会费有多少？", "商会的会员是谁？", "2020年商会的会员有多少？"):
        assert made_by(assistant.ask(other)) != REVIEWED, other


def test_citizens_see_a_live_answer_as_it_was_until_its_change_is_approved(office: LoopOffice) -> None:
    answer, assistant = office.review(QUESTION), server(office)
    changed = office.console("李强", Role.EDITOR).reviewed.change(answer.id, answer.version, text="有238家。")
    reply = assistant.ask(QUESTION)
    assert (made_by(reply), reply.text) == (REVIEWED, answer.text)
    office.console().reviewed.approve(answer.id, changed.version)
    assert assistant.ask(QUESTION).text == "有238家。"


def test_every_server_process_shows_it_and_forgets_it_without_a_restart(office: LoopOffice) -> None:
    one, other = server(office), server(office)
    before = one.edition
    answer = office.review(QUESTION)
    assert [made_by(each.ask(QUESTION)) for each in (one, other)] == [REVIEWED] * 2
    assert one.edition != before
    office.console().reviewed.withdraw(answer.id, answer.version, "有误")
    assert REVIEWED not in [made_by(each.ask(QUESTION)) for each in (one, other)]


def test_a_look_is_taken_once_in_a_while_only(office: LoopOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    reviewed = ReviewedAnswers(office.home / DATABASE, office.embedder, Synonyms([]))
    clock = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: clock[0])
    before = reviewed.edition
    office.review(QUESTION)
    assert reviewed.edition == before
    clock[0] += 2
    assert reviewed.edition != before


def test_it_goes_back_to_review_when_its_source_changes_and_comes_again_with_it(office: LoopOffice) -> None:
    answer = office.review(QUESTION)
    desk = office.console().reviewed
    assistant = server(office)
    office.publish(COOPERATION.text.replace("29个", "30个"))
    assert made_by(assistant.ask(QUESTION)) != REVIEWED
    seen = desk.get(answer.id)
    assert (seen.state, "有改动" in seen.why) == ("review", True)
    office.console().publish("snapshot-000001")
    assert made_by(assistant.ask(QUESTION)) == REVIEWED
    assert desk.get(answer.id).state == "live"


def test_it_is_shown_on_its_last_day_and_not_after(office: LoopOffice) -> None:
    answer = office.review(QUESTION)
    assert made_by(server(office, today=answer.expires_on).ask(QUESTION)) == REVIEWED
    assert made_by(server(office, today=answer.expires_on + timedelta(days=1)).ask(QUESTION)) != REVIEWED


def test_it_is_not_shown_while_its_document_is_withdrawn(office: LoopOffice) -> None:
    answer = office.review(QUESTION)
    assistant = server(office)
    assert made_by(assistant.ask(QUESTION)) == REVIEWED
    database = open_database(office.home / DATABASE)
    database.execute("INSERT INTO withdrawals VALUES ('合作.txt', '', '2026', '王芳', '有误')")
    assert made_by(assistant.ask(QUESTION)) != REVIEWED
    assert "已撤下" in office.console().reviewed.get(answer.id).why
    database.execute("DELETE FROM withdrawals")
    database.close()
    assert made_by(assistant.ask(QUESTION)) == REVIEWED


def test_a_source_out_of_force_sends_it_back(office: LoopOffice) -> None:
    office.review(QUESTION)
    database = open_database(office.home / DATABASE)
    (stored,) = read_reviewed(database)
    database.close()
    over = replace(COOPERATION, headings=(), about=About(in_force_until=date(2020, 1, 1)))
    stored = replace(stored, source=replace(stored.source, content_hash=over.content_hash))
    assert "到期失效" in why_not_shown(stored, over, date.today(), Withdrawn())
    in_force = replace(over, about=About())
    stored = replace(stored, source=replace(stored.source, content_hash=in_force.content_hash))
    assert why_not_shown(stored, in_force, date.today(), Withdrawn()) == ""


def test_the_page_says_that_people_reviewed_it(office: LoopOffice) -> None:
    office.review(QUESTION)
    reply = server(office).ask(QUESTION)
    assert isinstance(reply, Answer)
    shown = html.exchange(reply)
    assert words("zh-CN")["made_reviewed"].startswith("人工审核")
    for language in LANGUAGES:
        markup = html.in_language(shown, language)
        assert html.escape(words(language)["made_reviewed"]) in markup
        assert html.escape(words(language)["made"]) not in markup
    assert "会员企业共237家" in shown and "人工审核" in html.plain(reply)
    quoted = html.exchange(replace(reply, made_by=QUOTED))
    assert "w-made_reviewed" not in quoted and "w-made" in quoted


def test_text_of_staff_is_escaped_on_the_page(office: LoopOffice) -> None:
    office.review(QUESTION, text="<img src=x onerror=alert(1)> **共237家**")
    shown = html.exchange(server(office).ask(QUESTION))
    assert "<img" not in shown and "**" not in shown and "共237家" in shown


def test_a_log_that_cannot_be_read_keeps_nobody_from_an_answer(office: LoopOffice, tmp_path: Path) -> None:
    reviewed = ReviewedAnswers(tmp_path / "no" / "such", office.embedder, Synonyms([]), seconds=0)
    (tmp_path / "no").write_text("", encoding="utf-8")
    snapshot = load_served(office.console()._store, model="toy-1").snapshot
    assert reviewed.find(QUESTION, snapshot, NEXT_YEAR) is None
