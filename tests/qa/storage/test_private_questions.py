"""Two hundred questions with personal numbers: none of these stands in a file, a figure or a line of the log (T40)."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from tests.qa.answering.test_personal_data import identity_card
from tests.support.doubles.web import ADDRESS, FakeAssistant, make_app

MARK = "结对的天气"  # stands in every question: what is kept of it shows that the search looks where questions go
CARDS = [identity_card(f"5001021990{month:02}{day:02}123") for month in range(1, 11) for day in range(1, 11)]
PHONES = [f"138{10_000_000 + 7_919 * number}" for number in range(100)]
WORDS = ("我的身份证是{}，{mark}怎么样", "{mark}怎么样？请回电{}。")


@pytest.fixture
def client(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    app = make_app(FakeAssistant(), tmp_path / "home", None, QA_METRICS_FROM="127.0.0.9")
    with TestClient(app, base_url=ADDRESS, client=("127.0.0.9", 4000)) as client:
        yield client


def kept(folder: Path) -> bytes:
    """All that lies below a folder, one file behind the other."""
    return b"\n".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def holding(content: bytes, numbers: list[str]) -> list[str]:
    return [number for number in numbers if number.encode() in content]


def test_no_personal_number_of_a_question_stays_anywhere(
    client: TestClient, tmp_path: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    numbers = CARDS + PHONES
    assert len(set(numbers)) == 200
    for number in numbers:
        words = WORDS[number in PHONES].format(number, mark=MARK)
        reply = client.post("/api/ask", json={"question": words})
        assert reply.status_code == 200 and number not in reply.text
    written = kept(tmp_path) + caplog.text.encode() + "".join(capfd.readouterr()).encode()
    figures = client.get("/metrics")
    assert figures.status_code == 200
    written += figures.content
    assert holding(written, numbers) == []
    assert MARK.encode() in written and holding(written + PHONES[0].encode(), numbers) == [PHONES[0]]
