"""What is to be done today: a line for each kind of work that waits, for whom, and where it is done."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote

from qa.bootstrap.errors import EXPECTED
from qa.staff.console import Console
from qa.staff.documents.listing import DocumentRow, DocumentStatus
from qa.staff.permissions import Role
from qa.staff.questions.asked import AskedFilter, Shelf, Stage
from qa.storage.reviewed_answers import REVIEW
from qa.storage.runtime_settings import CONTACT, PAUSE
from qa.web.http.policy import STAFF
from qa.web.staff.pages.files.view import TROUBLED, WAITING
from qa.web.staff.pages.questions.view import to_renew
from qa.web.staff.pages.snapshots.publishing import held_back
from qa.web.staff.values import person
from qa.web.staff.versions import in_words

FILES, QUESTIONS, SETTING = f"{STAFF}/files", f"{STAFF}/questions", f"{STAFF}/settings#setting-"


@dataclass(frozen=True, slots=True)
class Work:
    """A line of the to-do: how many wait (0 where counting means nothing), what they are, and where it is done.

    `urgent` marks what citizens notice; `role` names the role that does it where the member's own does not.
    """

    count: int
    what: str
    address: str
    urgent: bool = False
    role: str = ""


def work(console: Console) -> list[Work]:
    """Return what is to be done, the urgent first. What cannot be looked up is a line, too."""
    found: list[Work] = []
    for looked in (_service, _files, _questions, _quality):
        try:
            found += looked(console)
        except EXPECTED as error:
            found.append(Work(0, in_words(str(error)), FILES, urgent=True))
    return sorted(found, key=lambda one: not one.urgent)


def _service(console: Console) -> Iterator[Work]:
    overview = console.overview()
    if overview.alarm:
        paused = overview.state == "paused"
        yield Work(0, in_words(overview.alarm), f"{SETTING}{PAUSE}" if paused else f"{STAFF}/publish", urgent=True)
    contact = next(setting for setting in console.runtime_settings.list() if setting.name == CONTACT)
    if not (contact.value or contact.default):
        words = "还没有设咨询电话：没有答案时市民只看到12345"
        yield Work(0, words, f"{SETTING}{CONTACT}", urgent=True, role=_whose(console, Role.ADMIN))


def _files(console: Console) -> Iterator[Work]:
    documents, whose = console.documents.list(), _whose(console, Role.PUBLISHER)

    def count(statuses: tuple[object, ...]) -> int:
        return sum(row.status in statuses for row in documents)

    if running := console.overview().refreshing:
        yield Work(0, f"{person(running.who)}正在发布文件，可以看进度", FILES)
    elif why := held_back(console, documents):
        yield Work(0, f"上一次没有发布，市民看到的不变：{why}", FILES, urgent=True)
    if waiting := count(WAITING):
        yield Work(waiting, "个文件的改动市民还看不到，等发布", f"{FILES}?shelf=waiting", role=whose)
    if left := count((DocumentStatus.LEFT_OUT,)):
        yield Work(left, "个文件先没有发布，改好再上传一次", f"{FILES}?shelf=left")
    if troubled := count(TROUBLED):
        yield Work(troubled, "个文件读不出，原因和办法在那里", f"{FILES}?shelf=troubled")
    yield from _withdrawn(documents)


def _withdrawn(documents: list[DocumentRow]) -> Iterator[Work]:
    if stopped := sum(row.withdrawn is not None for row in documents):
        yield Work(stopped, "个文件已停止引用，改正以后恢复", f"{FILES}?shelf=withdrawn")


def _questions(console: Console) -> Iterator[Work]:
    counts, whose = console.asked.counts(), _whose(console, Role.PUBLISHER)
    if counts[Stage.REVIEW]:
        yield Work(counts[Stage.REVIEW], "条人工答案等审核", f"{QUESTIONS}?shelf=review", role=whose)
    if waiting := counts[Stage.OPEN] + counts[Stage.WORKING]:
        yield Work(waiting, "类问题没有答案，或市民说没帮助", QUESTIONS)
    if counts[Stage.LIVE]:
        yield Work(counts[Stage.LIVE], "条人工答案已启用，还没有设为检验题", f"{QUESTIONS}?shelf=live")
    contradictory = console.asked.find(AskedFilter(shelf=Shelf.CONTRADICTORY), size=1).total
    if contradictory:
        yield Work(contradictory, "类问题，几份文件说法不一", f"{QUESTIONS}?shelf=contradictory", urgent=True)


def _quality(console: Console) -> Iterator[Work]:
    listed, all_of_them = to_renew(console), len(console.reviewed.list(state=REVIEW))
    words = "条人工答案市民看不到了，要复核：出处改过或到期"
    if listed:
        yield Work(listed, words, f"{QUESTIONS}?shelf=renew", urgent=True)
    if all_of_them > listed:  # written for no question of the log
        yield Work(all_of_them - listed, words, f"{STAFF}/answers?state={REVIEW}", urgent=True)
    if withheld := console.golden.withheld():
        words = "道检验题市民问到时先不回答：原来答对的停用了，别的文件会答错；请改文件，或改这道题"
        yield Work(len(withheld), words, f"{STAFF}/golden?id={quote(withheld[0].question_id)}", urgent=True)
    if waiting := console.todo.waiting():
        whose = _whose(console, Role.PUBLISHER)
        yield Work(waiting, "道检验题的改动等同意", f"{STAFF}/golden?shelf=waiting", role=whose)


def _whose(console: Console, least: Role) -> str:
    """Return the role that does something; empty if the member's own does."""
    return "" if console.may(least) else least.label
