"""The page 检验题: proposed, agreed to by another person, and made from what staff have already."""

import re
from collections.abc import Iterator

import pytest
from fastapi import FastAPI

from qa.answering.reader.similarity import SimilarityReader
from qa.bootstrap.models import Models
from qa.evaluation.results import GoldenResult
from qa.publishing import records
from qa.publishing.records import Record
from tests.support.doubles.desk import Clerk
from tests.support.doubles.staff import make_staff_app, open_client
from tests.support.programs.feedback_office import QUOTED, WORDS, LoopOffice

pytestmark = pytest.mark.long
PAGE = "/staff/golden"
NEW_FILE = {"unpublished": "yes"}
TYPED = {
    "question": "图书馆几点开门？",
    "answerable": "yes",
    "must": "9时 | 九点",
    "evidence": "上午9时开门",
    **NEW_FILE,
}


@pytest.fixture
def office(tmp_path_factory: pytest.TempPathFactory) -> LoopOffice:
    return LoopOffice(tmp_path_factory.mktemp("golden"))


@pytest.fixture
def app(office: LoopOffice, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FastAPI]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GRADIO_TEMP_DIR", str(tmp_path_factory.mktemp("uploads")))
        models = Models(lambda: office.embedder, lambda: SimilarityReader(office.embedder))
        golden = str(office.golden)
        app = make_staff_app(office.home, models=models, QA_DOCUMENTS=str(office.folder), QA_GOLDEN=golden)
        with open_client(app):
            yield app


def keys(page: str) -> dict[str, str]:
    """The hidden fields that name what the panel shows."""
    names = ("id", "version", "proposal", "seen")
    return {name: re.findall(rf'name="{name}" value="([^"]*)"', page)[0] for name in names}


def added(app: FastAPI, author: str = "editor", agreed_by: str = "publisher", **typed: str) -> str:
    """A question of the file, by its number."""
    page = Clerk(app, author, PAGE).press("save", **{**TYPED, **typed})
    one = keys(page)
    assert "已生效" in Clerk(app, agreed_by, PAGE).press("approve", **one)
    return one["id"]


def test_a_question_is_proposed_looked_at_and_agreed_to_by_another_person(app: FastAPI, office: LoopOffice) -> None:
    editor, publisher, admin = (Clerk(app, name, PAGE) for name in ("editor", "publisher", "admin"))
    page = editor.press("save", **TYPED)
    one = keys(page)
    assert "已提交" in page and 'value="back"' in page and 'value="approve"' not in page
    assert "需要“发布”角色" in editor.press("approve", **one) and not office.golden.exists()
    page = publisher.open(proposal=one["proposal"])
    assert 'value="approve"' in page and "添加检验题（等待同意）" in page and "9时 | 九点" in page
    page = publisher.press("save", **{**TYPED, **one, "must": "九时"})
    revised = keys(page)
    assert "您写的" in publisher.press("approve", **revised), "by now it is the publisher's own, too"
    assert 'value="approve"' not in publisher.open(proposal=one["proposal"])
    assert "已生效" in admin.press("approve", **revised) and "九时" in office.golden.read_text(encoding="utf-8")
    assert "已经了结" in editor.press("back", **revised)


def test_a_change_and_a_removal_need_a_reason_and_show_before_and_after(app: FastAPI, office: LoopOffice) -> None:
    kept, number = added(app, question="校长是谁？", must="王芳"), added(app)
    editor, publisher = Clerk(app, "editor", PAGE), Clerk(app, "publisher", PAGE)
    one = keys(editor.open(id=number))
    refused = editor.press("save", {"id": number}, **{**TYPED, **one, "must": "10时"})
    assert "修改的原因" in refused and "10时" in refused, "what was typed stays"
    page = editor.press("save", {"id": number}, **{**TYPED, **one, "must": "10时", "why": "改了时间"})
    assert '（有变化）</th><td class="text">9时 | 九点</td><td class="text">10时</td>' in page
    assert "不同意的原因" in publisher.press("reject", **keys(page), why=" ")
    assert "没有同意" in publisher.press("reject", **keys(page), why="不妥")
    assert "删除的原因" in editor.press("remove", **one, why="")
    late = editor.press("remove", {"id": number}, **{**one, "version": "x"}, why="内容已撤销")
    assert "已被" in late and 'value="内容已撤销"' in late, "what was typed stays"
    sought = editor.press("find", {"id": number}, **{**TYPED, **one, "find": "会员企业"})
    assert '<details class="step" open><summary>修改这道题' in sought
    page = editor.press("remove", **one, why="已撤销")
    assert "删除检验题（等待同意）" in page and 'value="save"' not in page
    assert "已生效" in publisher.press("approve", **keys(page))
    left = office.golden.read_text(encoding="utf-8")
    assert f'"id": "{kept}"' in left and f'"id": "{number}"' not in left


def test_the_evidence_is_marked_in_the_text_and_nothing_is_copied(app: FastAPI, office: LoopOffice) -> None:
    editor = Clerk(app, "editor", PAGE)
    page = editor.press("find", {"new": "1"}, question="会员企业有几家？", must="237", find="会员企业")
    (mark,) = re.findall(r'name="mark" value="([^"]+)"(?=[^>]*><span class="text">[^<]*237家)', page)[:1]
    assert 'value="会员企业有几家？"' in page
    page = editor.press("save", {"new": "1"}, question="会员企业有几家？", answerable="yes", must="237", mark=mark)
    assert "已提交" in page and WORDS in page


def test_a_new_question_starts_from_the_log_a_reviewed_answer_or_a_document(app: FastAPI, office: LoopOffice) -> None:
    asked, refused = office.note(QUOTED, "商会多少会员？"), office.note(question="校长是谁？")
    answer = office.review("会员有几家？")
    editor = Clerk(app, "editor", PAGE)
    page = editor.open(new="1")
    assert f"reply={asked}" in page and f"answer={answer.id}" in page and refused not in page
    page = editor.open(new="1", reply=asked)
    assert 'value="商会多少会员？"' in page and QUOTED.text in page
    sent = editor.press("save", {"new": "1", "reply": asked}, **{**TYPED, "tags": "log"})
    told = sent.partition('aria-label="内容"')[2].partition("</section>")[0]
    assert "市民问过的" in told and "有变化" not in told and "原来" not in told, "there is nothing before"
    page = editor.open(new="1", answer=str(answer.id))
    assert 'value="会员有几家？"' in page and answer.text in page and WORDS in page
    assert '<option value="no" selected>' in editor.open(new="1", reply=refused)
    page = editor.open(new="1", document="合作.txt")
    assert "合作.txt" in page and 'name="mark"' in page and "合作.txt" in editor.open(shelf="uncovered")


def test_results_so_far_and_documents_without_a_question_follow_the_records(app: FastAPI, office: LoopOffice) -> None:
    number = added(app)
    given = GoldenResult(number, TYPED["question"], True, True, "right", "上午9时", None, ("合作.txt",))
    store = office.console()._store
    record = Record(
        who="王芳", made_at="2026-11-01T00:00:00+00:00", documents=2, passages=3, embedded=0, golden=(given,)
    )
    with store.writing():
        records.write(store, "snapshot-000001", record)
    editor = Clerk(app, "editor", PAGE)
    page = editor.open(id=number)
    assert "在各版上答得怎样（1版）" in page and '<td>✓ 合格</td><td class="text">上午9时</td>' in page
    assert "✓ 合格" in editor.open(text="图书馆") and "没有符合条件" in editor.open(text="没有这个词")
    page = editor.open(shelf="uncovered")
    assert "document=%E5%90%88%E4%BD%9C.txt" not in page and "document=" in page


@pytest.mark.parametrize(
    "query",
    [{"shelf": "x"}, {"id": "没有"}, {"proposal": "x"}, {"proposal": "9"}, {"new": "1", "reply": "x"}, {"page": "-1"},
     {"new": "1", "answer": "x"}, {"new": "1", "group": "7"}, {"new": "1", "document": "../x"}, {"text": "<b>\x00%"}],
)  # fmt: skip
def test_junk_in_an_address_is_answered_in_a_sentence(app: FastAPI, query: dict[str, str]) -> None:
    response = Clerk(app, "editor", PAGE).client.get(PAGE, params=query)
    assert response.status_code in (200, 404) and "<h1>检验题</h1>" in response.text


def test_a_form_of_another_page_changes_nothing(app: FastAPI, office: LoopOffice) -> None:
    editor = Clerk(app, "editor", PAGE)
    for button in ("save", "find"):
        stale = editor.client.post(PAGE, data={**TYPED, "form": "x" * 22, "do": button})
        assert stale.status_code == 403 and "打开得太久" in stale.text
    assert "没有这个操作" in editor.press("destroy") and "没有认出选中的句子" in editor.press("save", **TYPED, mark="x")
    assert office.console().golden.proposals() == ()
    editor.press("save", **TYPED)
    assert len(office.console().golden.proposals()) == 1, "the control"


def test_evidence_that_no_document_holds_is_told_with_the_nearest_passage(app: FastAPI, office: LoopOffice) -> None:
    editor = Clerk(app, "editor", PAGE)
    wrong = {"question": "商会有多少家会员？", "must": "238", "evidence": "有会员企业238家"}
    page = editor.press("save", {"new": "1"}, **wrong)
    assert "没有提交：现行的文件里没有“有会员企业238家”这段原文" in page and "最接近的在《合作》" in page
    assert "对不上的是“8家”" in page
    assert ">238<" in page and office.console().golden.proposals() == ()
    assert re.search(r'name="mark"[^>]*><span class="text">[^<]*237家', page), "what is near can be clicked"
    page = editor.press("save", {"new": "1"}, **{**wrong, **NEW_FILE})
    assert "已提交" in page
    assert "现行的文件里没有" in Clerk(app, "publisher", PAGE).open(proposal=keys(page)["proposal"]), (
        "who agrees sees it"
    )
    broken = WORDS[:4] + "\n" + WORDS[4:]
    assert "已提交" in editor.press("save", {"new": "1"}, **{**wrong, "question": "会员有几家？", "evidence": broken})
    unanswerable = {**wrong, "question": "校长是谁？", "must": "", "answerable": "no"}
    assert "已提交" in editor.press("save", {"new": "1"}, **unanswerable)
