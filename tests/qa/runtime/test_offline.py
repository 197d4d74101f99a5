import json
import urllib.request
from pathlib import Path

import pytest

from tests.support.programs import serving
from tests.support.programs.serving import Served


def test_starting_and_asking_reaches_for_nothing_outside(served: Served) -> None:
    body = json.dumps({"question": "两地学校结成了多少对帮扶对子？"}).encode()
    with urllib.request.urlopen(f"{served.address}/api/ask", body, timeout=60) as response:
        assert json.load(response)["status"] in ("answered", "partial")
    with urllib.request.urlopen(f"{served.address}/", timeout=60) as response:
        assert response.status == 200
    assert served.record.read_text() == ""


@pytest.mark.long
def test_the_record_shows_whoever_reaches_outside(tmp_path: Path) -> None:
    script = "import socket; socket.getaddrinfo('127.0.0.1', 80); socket.getaddrinfo('192.0.2.1', 80)"
    record = tmp_path / "record"
    assert "ConnectionRefusedError" in serving.run(serving.environment(record), "-c", script).stderr
    assert record.read_text() == "socket.getaddrinfo 192.0.2.1\n"


@pytest.mark.long
def test_the_record_would_show_gradio_calling_home(tmp_path: Path) -> None:
    """What happens without qa.runtime.offline: the first test would see it."""
    record = tmp_path / "record"
    serving.run(serving.environment(record), "-c", "import gradio; gradio.Blocks()").check_returncode()
    assert "api.gradio.app" in record.read_text()


def test_children_run_without_the_variables_that_silence_some_libraries(monkeypatch: pytest.MonkeyPatch) -> None:
    silencing = {"CI": "true", "GRADIO_ANALYTICS_ENABLED": "False", "HF_HUB_OFFLINE": "1", "QA_PORT": "1"}
    for name, value in silencing.items():
        monkeypatch.setenv(name, value)
    assert not silencing.keys() & serving.environment(Path("record")).keys()
