"""Long work of staff in a process of its own: what it is told, and that it says why where it cannot begin."""

import json
import signal
from pathlib import Path

import pytest

from qa.publishing.serving import store_of
from qa.runtime.errors import NotAllowed
from qa.runtime.settings import Settings, read
from qa.staff import jobs
from qa.staff.permissions import Role


def test_the_order_for_work_apart_carries_every_setting(tmp_path: Path) -> None:
    settings = read({"QA_HOME": str(tmp_path), "QA_LLM_KEY": "secret", "QA_PROXIES": "10.0.0.1, 10.0.0.2"})
    assert Settings.model_validate(json.loads(json.dumps(settings.packed()))) == settings


@pytest.mark.long
def test_work_that_cannot_begin_says_why(tmp_path: Path) -> None:
    """In a real process: an editor may not refresh, and without documents nobody can."""
    settings = read({"QA_HOME": str(tmp_path / "home"), "QA_DOCUMENTS": str(tmp_path / "none")})
    begun = len(jobs._started)
    with pytest.raises(NotAllowed, match="需要“发布”角色"):
        jobs.refresh(settings, who="王芳", role=Role.EDITOR)
    assert len(jobs._started) == begun, "no process begins for that"
    (tmp_path / "none").mkdir()
    with store_of(tmp_path / "home").refreshing(who="李明"), pytest.raises(jobs.NotBegun, match="李明"):
        jobs.refresh(settings, who="王芳", role=Role.PUBLISHER)


def test_work_that_says_nothing_in_time_is_ended_as_the_refusal_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "BEGIN_SECONDS", 0.0)
    with pytest.raises(jobs.NotBegun, match="没有开始"):
        jobs.refresh(read({"QA_HOME": str(tmp_path)}), who="王芳", role=Role.PUBLISHER)
    assert jobs._started[-1].wait(60) == -signal.SIGTERM
