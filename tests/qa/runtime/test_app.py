import socket
from pathlib import Path
from typing import NoReturn

import pytest

import app
from qa.runtime import logs, settings
from qa.web.http.listening import listen
from tests.support.programs.serving import free_port


@pytest.fixture(autouse=True)
def nothing_is_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("The assistant was opened before the address was known to be free")

    monkeypatch.setattr(app, "open_service", refuse)
    monkeypatch.setenv("QA_HOME", str(tmp_path))
    monkeypatch.setenv("QA_PORT", str(free_port()))


def test_a_port_in_use_ends_with_one_line(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        monkeypatch.setenv("QA_PORT", str(port))
        assert app.main() == 2
    expected = (
        f"Cannot serve on 127.0.0.1:{port} (Address already in use); set QA_HOST or QA_PORT, see docs/settings.md\n"
    )
    assert capsys.readouterr().err == expected


@pytest.mark.parametrize("host", ["::1%nowhere", "a..b"])
def test_an_address_that_is_none_of_this_machine_ends_with_one_line(
    host: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("QA_HOST", host)
    assert app.main() == 2
    message = capsys.readouterr().err
    assert message.startswith(f"Cannot serve on {host}:") and message.count("\n") == 1


def test_a_wrong_setting_ends_with_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("QA_TOPK", "5")
    assert app.main() == 2
    assert capsys.readouterr().err == "QA_TOPK is not a setting; see docs/settings.md\n"


def test_the_server_logs_in_the_form_that_is_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    configured: list[str] = []
    monkeypatch.setattr(logs, "configure", configured.append)

    def ended(*_: object) -> NoReturn:
        raise KeyboardInterrupt

    monkeypatch.setattr(app, "open_service", ended)
    values = {"QA_HOME": str(tmp_path), "QA_PORT": str(free_port()), "QA_LOG_FORMAT": "json"}
    with pytest.raises(KeyboardInterrupt):
        app.serve(settings.read(values))
    assert configured == ["json"]


def test_replies_are_sent_at_once() -> None:
    with listen("127.0.0.1", free_port()) as listener:
        assert listener.proto == socket.IPPROTO_TCP
