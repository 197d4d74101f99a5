"""Whatever leaves the staff area as a file leaves a row in the audit log."""

from pathlib import Path

import pytest

from qa.staff.console import Console
from qa.staff.permissions import Role
from qa.storage.audit import Audit
from tests.support.doubles.staff import make_staff_app, open_client, sign_in
from tests.support.doubles.web import settings


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
