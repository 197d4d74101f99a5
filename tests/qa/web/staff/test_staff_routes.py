"""T74: no value in a call of the area's own routes reads, writes or shows what its sender may not, or goes unlogged.

Routes, buttons and fields are found in the app and its templates, so that a new page is in here on the day it is made.
With JUNK=1, as `make test-fuzz` sets it, each role sends every value; else a stranger sends a part of them, and members
are tried without their token only, under each button with one of the wrong ones.
"""

import importlib
import os
import pkgutil
import re
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from httpx2 import Response
from starlette.testclient import TestClient

from corpus.metadata.side_file import FIELDS
from qa.answering.reader.similarity import SimilarityReader
from qa.bootstrap.models import Models
from qa.staff import jobs
from qa.staff.permissions import Area, Role
from qa.storage.audit import Audit
from qa.storage.database import DATABASE
from qa.web.html.pages import FOLDER
from qa.web.http.policy import below_staff
from qa.web.staff import pages
from qa.web.staff.guard import FILE_UPLOAD
from qa.web.staff.pages.frame import Form
from qa.web.staff.sign_in import CODE, SIGN_IN
from tests.qa.web.staff.test_file_values import WATCH, Watch
from tests.support.doubles.staff import make_staff_app, open_client, sign_in
from tests.support.doubles.toy import COOPERATION
from tests.support.programs.feedback_office import LoopOffice

pytestmark = pytest.mark.long
EVERY = bool(os.environ.get("JUNK"))
PART = 16  # under each button one value of so many is sent, and another under the next
FORM = "application/x-www-form-urlencoded"
NAME = "合作.txt"
# What changes without an action of a member: sessions, failures and the log's own counter.
BESIDE = {"sessions", "sign_in_failures", "audit_witness", "sqlite_sequence"}
DONE_OR_REFUSED = {200, 303, 307, 400, 403, 404, 409, 413, 414}
MARKUP = '"><img src=x onerror=alert(1)>'


@dataclass
class House:
    """The app over an office with questions and an answer, a browser for each role, and what is planted beside it."""

    app: FastAPI
    office: LoopOffice
    clients: dict[str, TestClient] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)

    def planted(self) -> list[Path]:
        return [self.office.home / name for name in ("secret.txt", "del.sqlite", "fifo")]

    def state(self) -> dict[str, object]:
        """All that an action may change."""
        with closing(sqlite3.connect(self.office.home / DATABASE)) as database:
            tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            kept: dict[str, object] = {
                name: database.execute(f"SELECT * FROM {name}").fetchall() for name in {*tables} - BESIDE
            }
        files = {path.name: path.read_bytes() for path in self.office.folder.iterdir() if path.is_file()}
        golden = self.office.golden.read_bytes() if self.office.golden.exists() else b""
        return {**kept, "files": files, "golden": golden}

    def known(self, path: str) -> dict[str, str]:
        """What the hidden fields of a page hold at this moment, so that a call comes as far as it can."""
        with closing(sqlite3.connect(self.office.home / DATABASE)) as database:
            group = database.execute("SELECT id, version FROM todo WHERE reviewed IS NOT NULL").fetchone() or (1, 1)
            answer = database.execute("SELECT id, version FROM reviewed").fetchone() or (1, 1)
            (reply,) = database.execute("SELECT id FROM replies ORDER BY asked_at").fetchone()
        version = group[1] if path.endswith("questions") else self.office.console().documents.metadata(NAME).version
        numbers = {"group": group[0], "version": version, "answer": answer[0], "answer_version": answer[1]}
        texts = {
            "name": NAME,
            "why": "试",
            "asked": reply,
            "separated": reply,
            "expires": "2099-01-01",
            "files": "新.txt",
        }
        return {**{name: str(number) for name, number in numbers.items()}, **texts}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    office = LoopOffice(tmp_path_factory.mktemp("routes"))
    office.note(question="校长是谁？")
    office.note(question="庚桥多长？")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GRADIO_TEMP_DIR", str(office.home / "uploads"))
        patch.setattr(jobs, "_begin", lambda settings, order: None)  # no refresh behind the page
        models = Models(lambda: office.embedder, lambda: SimilarityReader(office.embedder))
        app = make_staff_app(office.home, models=models, QA_DOCUMENTS=str(office.folder), QA_GOLDEN=str(office.golden))
        house = House(app, office)
        for path in house.planted():
            os.mkfifo(path) if path.name == "fifo" else path.write_text("planted secret")
        (office.folder / NAME).write_text(COOPERATION.text, encoding="utf-8")
        with open_client(app) as running:
            for who in ("anonymous", *Role):
                house.clients[who] = client = open_client(app)
                client.portal = running.portal  # one event loop, as in the program
                if who != "anonymous":
                    assert sign_in(client, who).status_code == 303
                    page = client.get("/staff/questions").text + client.get("/staff/files").text
                    house.tokens[who] = re.findall(r'name="form" value="([^"]+)"', page)[0]
            group = office.console().todo.list(text="庚桥")[0]
            answer = office.review("庚桥多长？", approved=False)
            with closing(sqlite3.connect(office.home / DATABASE)) as database, database:
                database.execute("UPDATE todo SET reviewed = ? WHERE id = ?", (answer.id, group.id))
            yield house


@pytest.fixture
def watched(house: House) -> Iterator[Watch]:
    WATCH.touched.clear()
    outside = ("/etc/passwd", "/proc/self/environ", "/dev/zero")
    WATCH.planted = frozenset(map(str, (*house.planted(), *outside)))
    yield WATCH
    WATCH.planted = frozenset()


def routes_of(routes: Iterable[object]) -> Iterator[tuple[str, str, APIRoute]]:
    """Every route at or below `/staff` that is ours: its methods, its address, and what FastAPI knows of it."""
    for route in routes:
        if (inner := getattr(getattr(route, "original_router", None), "routes", None)) is not None:
            yield from routes_of(inner)
        elif isinstance(route, APIRoute) and below_staff(route.path):
            for method in route.methods or ():
                yield method, route.path, route


def templates() -> str:
    return "".join(path.read_text(encoding="utf-8") for path in sorted((FOLDER / "staff").rglob("*.html")))


def buttons() -> list[str]:
    """Every button of the pages: by their templates, and by the tables of actions wherever a page has one."""
    found = set(re.findall(r'name="do" value="([\w-]+)"', templates()))
    for module in pkgutil.walk_packages(pages.__path__, f"{pages.__name__}."):
        found |= set(getattr(importlib.import_module(module.name), "ACTIONS", ()))
    return sorted(found)


def fields() -> list[str]:
    """Every field that a template has or an action reads."""
    found = {*FIELDS, *re.findall(r'(?<![\w-])name="(\w+)"', templates())} - {"do", "form", "viewport", "robots"}
    source = "".join(path.read_text(encoding="utf-8") for path in Path(pages.__path__[0]).rglob("*.py"))
    return sorted(found | set(re.findall(r'form\.(?:text|texts|number)\("(\w+)"\)', source)) - {"do", "form"})


def values(house: House) -> list[str]:
    """Every kind of value that somebody may put where a page puts something else."""
    home = house.office.home
    names = ["../secret.txt", str(home / "secret.txt"), str(home / "fifo"), "/etc/passwd", "/proc/self/environ"]
    names += ["/dev/zero", f"file://{home}/secret.txt", "%2e%2e%2fsecret.txt", "..", f"{NAME}/../../secret.txt"]
    marks = [f"{at}:{name}" for at, name in zip(("0:9", "9:0", "0:" + "9" * 18), names, strict=False)]
    numbers = ["0", "-1", "9" * 30, "1e9", "²", "1 OR 1=1", ""]
    texts = [MARKUP, "{{1234*1234}}", "a\r\nSet-Cookie: planted=1", "\x00", "\u202e\u200b", "\ud800", "文" * 5_000]
    return [*names, *marks, *numbers, *texts, "__class__", "publisher", f"0:9:{NAME}"]


def sent(client: TestClient, method: str, path: str, given: list[tuple[str, str]]) -> Response:
    """Send a call as a form, an upload or a query, whichever the route takes."""
    raw = [(name.encode(), value.encode("utf-8", "surrogatepass")) for name, value in given]
    if method in ("GET", "HEAD"):
        return client.request(method, f"{path}?{urlencode(raw)}")
    if path != FILE_UPLOAD:
        return client.request(method, path, content=urlencode(raw), headers={"Content-Type": FORM})
    parts = b""
    for name, value in (part for part in raw if part[0] in (b"form", b"files", b"replace")):  # all that its form has
        shown = value.replace(b'"', b"%22").replace(b"\r", b"%0D").replace(b"\n", b"%0A")  # as browsers do
        file = b'; filename="%s"' % shown if name == b"files" else b""
        content = COOPERATION.text.encode() if file else value
        parts += b'--b\r\nContent-Disposition: form-data; name="%s"%s\r\n\r\n%s\r\n' % (name, file, content)
    return client.post(path, content=parts + b"--b--\r\n", headers={"Content-Type": "multipart/form-data; boundary=b"})


def calls(house: House, method: str, path: str, route: APIRoute, who: str) -> Iterator[list[tuple[str, str]]]:
    """The calls of a route: under each button, each value in one field and then in all of them."""
    queried = [one.name for one in route.dependant.query_params]
    names = [*queried, *(fields() if method != "GET" else [*fields(), "shelf", "order", "page", "period", "done"])]
    pressed = ["", *buttons()] if method == "POST" and path.count("/") == 2 else [""]
    for place, button in enumerate(pressed):
        for turn, value in enumerate(values(house)):
            if not EVERY and (turn + place) % PART:
                continue
            base = house.known(path) | {"do": button, "form": house.tokens.get(who, "x")}
            yield [*(base | {names[(turn + place) % len(names)]: value}).items()]
            yield [*(base | dict.fromkeys(names, value)).items()]


@pytest.fixture
def refusals(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The actions that a role was refused during the test."""
    noted: list[str] = []
    require = Area.require

    def noting(self: Area, least: Role, action: str) -> None:
        if not self.may(least):
            noted.append(action)
        require(self, least, action)

    monkeypatch.setattr(Area, "require", noting)
    return noted


def harmless(response: Response, house: House) -> bool:
    """Whether a response tells nothing of other files, of the program, and no value as markup, template or header."""
    told = ("planted secret", "root:x:", "Traceback", str(house.office.home), "<img", "1522756")
    return not any(words in response.text for words in told) and "planted" not in response.cookies


def test_the_routes_buttons_and_fields_are_found(house: House) -> None:
    found = {(method, path) for method, path, _ in routes_of(house.app.routes)}
    pages = {("POST", path) for path in ("/staff/files", FILE_UPLOAD, "/staff/questions", "/staff/questions/preview")}
    assert {*pages, ("GET", "/staff/home"), ("GET", "/staff/original"), ("POST", "/staff/password")} <= found
    assert {"publish", "withdraw", "take-up", "find", "change"} <= set(buttons()) and len(buttons()) > 15
    assert {"mark", "version", "files", "replace", "answer_version", "why", "old", "issuer"} <= set(fields())
    # What a form is asked for in another way than `fields` reads would be missed.
    read = {"text", "texts", "number", "kept", "pressed"}
    assert {name for name in vars(Form) if not name.startswith("_")} == {"values", *read}


MEMBERS = [pytest.param(role, marks=pytest.mark.skipif(not EVERY, reason="by make test-fuzz")) for role in Role]


@pytest.mark.parametrize("who", ["anonymous", *MEMBERS])
def test_no_value_reads_shows_or_changes_what_its_sender_may_not(
    house: House, watched: Watch, refusals: list[str], who: str
) -> None:
    client, seen, audit = house.clients[who], Counter[int](), Audit(house.office.home)
    before, rows = house.state(), len(audit.rows())
    for method, path, route in routes_of(house.app.routes):
        if path in (SIGN_IN, CODE):
            continue
        for given in calls(house, method, path, route, who):
            refusals.clear()
            response = sent(client, method, path, given)
            told = (method, path, given, response.status_code)
            assert response.status_code in ({401, 413, 414} if who == "anonymous" else DONE_OR_REFUSED), told
            assert harmless(response, house), told
            seen[response.status_code] += 1
            if who == "anonymous":
                continue  # looked at once a route: whatever a stranger changes is one too many
            after, logged = house.state(), audit.rows()[rows:]
            if after != before:
                assert logged and {row.who for row in logged} == {who} and not refusals, told
                assert method == "POST", told
            if refusals:
                assert response.status_code != 303 and any("not allowed" in row.outcome for row in logged), told
            before, rows = after, rows + len(logged)
        assert who != "anonymous" or house.state() == before, (method, path, "a stranger changed something")
    assert who != "anonymous" or len(audit.rows()) == rows
    assert watched.touched == []
    watched.planted = frozenset()
    assert all(path.exists() for path in house.planted())
    assert (house.office.home / "secret.txt").read_text() == "planted secret"
    assert all(path.is_file() and not path.is_symlink() for path in house.office.folder.iterdir())
    if who != "anonymous":  # the control: calls came as far as doing something, and as far as being refused
        assert seen[303] > 3 and seen[400] > 20 and seen[200] > 20, seen
    assert seen.total() > 100, seen


@pytest.mark.parametrize("who", Role)
def test_every_form_needs_the_token_of_its_own_browser(house: House, watched: Watch, who: str) -> None:
    """Under every button, of which each role tries its share; the control is the same call with the token."""
    share = buttons()[0 if EVERY else [*Role].index(who) :: 1 if EVERY else len(Role)]
    client, other = house.clients[who], next(token for role, token in house.tokens.items() if role != who)
    before, rows, tried = house.state(), len(Audit(house.office.home).rows()), 0
    for method, path, _ in routes_of(house.app.routes):
        if method != "POST" or path in (SIGN_IN, CODE):
            continue
        for place, button in enumerate(share if path.count("/") == 2 else [""]):
            wrong = ("", "x" * 22, other)
            for token in wrong if EVERY else (wrong[place % len(wrong)],):
                given = [*(house.known(path) | {"do": button, "form": token}).items()]
                assert sent(client, method, path, given).status_code == 403, (path, button, token)
                tried += 1
        headers = {"Origin": "http://evil.example", "Content-Type": FORM}
        assert client.post(path, content=f"form={house.tokens[who]}", headers=headers).status_code == 403
    assert tried > (60 if EVERY else 40) and house.state() == before and len(Audit(house.office.home).rows()) == rows
    given = [*(house.known("/staff/questions") | {"do": "take", "form": house.tokens[who]}).items()]
    assert sent(client, "POST", "/staff/questions", given).status_code == 303
    assert house.state() != before, "the control"


def test_what_is_planted_would_be_seen(house: House, watched: Watch) -> None:
    """The controls of the watch, of what is harmless, and of the finding of routes."""
    with pytest.raises(PermissionError):
        (house.office.home / "secret.txt").read_text()
    assert watched.touched == [f"open {house.office.home / 'secret.txt'}"]
    assert not harmless(Response(200, text=f"<p>{MARKUP}</p>"), house)

    async def leak() -> dict[str, Any]:
        return {}

    app = FastAPI()
    app.add_api_route("/staff/leak", leak, methods=["POST"])
    assert [(method, path) for method, path, _ in routes_of(app.routes)] == [("POST", "/staff/leak")]
