"""Whatever leaves the staff area as a file leaves a row in the audit log."""

import csv
import io
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from qa.staff.console import Console
from qa.staff.permissions import Role
from qa.storage.audit import Audit
from qa.storage.database import DATABASE, open_database
from qa.storage.question_log import UNHELPFUL, Log, new_id
from tests.support.doubles.staff import make_staff_app, open_client, sign_in
from tests.support.doubles.web import answer, settings


@pytest.mark.long
def test_every_download_is_in_the_audit_log_and_a_refused_one_too(tmp_path: Path) -> None:
    home, documents = tmp_path / "home", tmp_path / "documents"
    documents.mkdir()
    (documents / "合作.txt").write_text("浙江与涪陵合作。", encoding="utf-8")
    app = make_staff_app(home, QA_DOCUMENTS=str(documents))
    admin = Console(settings(home, QA_DOCUMENTS=str(documents)), who="王芳", role=Role.ADMIN)
    kept, _ = admin.backup_here()
    with open_client(app) as client:
        statuses = []
        for name in ("admin", "editor"):
            sign_in(client, name)
            before = len(Audit(home).rows())
            for path in ("original?document=合作.txt", "audit.csv", f"backup?name={kept.name}", "questions.csv"):
                statuses.append(client.get(f"/staff/{path}").status_code)
            if name == "admin":
                rows = Audit(home).rows()[before:]
    assert statuses == [200, 200, 200, 200, 200, 200, 404, 200]
    downloaded = [(row.who, row.target) for row in rows if row.action == "download" and row.outcome == "done"]
    assert downloaded == [("admin", "合作.txt"), ("admin", "audit.csv"), ("admin", f"backups/{kept.name}")]
    assert [row.action for row in rows if row.outcome == "done"] == ["download", "download", "download", "export"]
    (refused,) = [row for row in Audit(home).rows() if row.outcome.startswith("not allowed")]
    assert (refused.who, refused.action) == ("editor", "download")


@pytest.mark.long
def test_no_cell_of_a_table_that_leaves_a_page_calculates(tmp_path: Path) -> None:
    app, live = make_staff_app(tmp_path), "=cmd|' /C calc'!A0"
    Audit(tmp_path).add("@王芳", "upload", target=f"{live}.txt", why="+1+1")
    log = Log(open_database(tmp_path / DATABASE), keep_days=180, share_days=90)
    asked, now = new_id(), datetime.now(UTC)
    log.add(asked, replace(answer("x"), question=live, standalone_question=live), now, channel="page", documents={})
    log.judge(asked, UNHELPFUL, now, comment="-1+1")
    log.close()
    with open_client(app) as client:
        sign_in(client)
        for path, written in (("audit", ("@王芳", f"{live}.txt", "+1+1")), ("questions", (live, "-1+1"))):
            content = client.get(f"/staff/{path}.csv").content.decode("utf-8-sig")
            cells = [cell for row in csv.reader(io.StringIO(content)) for cell in row]
            assert {f"'{words}" for words in written} <= set(cells), "each is there, as words"
            assert [cell for cell in cells if cell[:1] in tuple("=+-@")] == []
