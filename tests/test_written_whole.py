"""Written answers by the whole program, its own models included; only the language model is scripted."""

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest

from qa import compose
from qa.compose import Service
from qa.evaluate import read_golden
from qa.reply import QUOTED, WRITTEN, Answer
from qa.settings import ROOT
from qa.settings import read as read_settings
from tests import endpoint
from tests.endpoint import Call, Model
from tests.serving import Served

pytestmark = pytest.mark.slow

GROWTH = "涪陵地区生产总值2017年到2021年增加了多少？"
CHANGES = "浙涪合作的三个变化是什么？"
SAMPLE = 12


@pytest.fixture(scope="module")
def model() -> Iterator[Model]:
    with endpoint.running() as running:
        yield running


@pytest.fixture(scope="module")
def service(served: Served, model: Model) -> Service:
    home = str(served.record.parent / "home")
    settings = read_settings({"QA_HOME": home, "QA_LLM_URL": model.address, "QA_LLM_KEY": endpoint.KEY})
    return compose.open_service(settings, lambda _: None)


def citing(text: str, anchor: str) -> endpoint.Script:
    """Says a text, `[n]` in it being the number of the passage that holds some words."""

    def script(call: Call) -> None:
        sent = call.body["messages"][1]["content"]
        passages = re.findall(r"^\[(\d+)\] .*?\n<<(\w+)\n(.*?)\n\2>>", sent, re.DOTALL | re.MULTILINE)
        number = next((number for number, _, words in passages if anchor in words), "99")
        endpoint.says(text.replace("[n]", f"[{number}]"))(call)

    return script


def test_a_difference_and_a_summary_are_written_from_what_the_reader_chose(service: Service, model: Model) -> None:
    ask = compose.written_or_quoted(service)
    model.follow(citing("2021年涪陵地区生产总值比2017年增加410.5亿元[n]。增加了500亿元[n]。", "992.24亿元"))
    reply = ask(GROWTH, ())
    assert isinstance(reply, Answer) and reply.made_by == WRITTEN, reply
    assert [part.text for part in reply.sentences] == ["2021年涪陵地区生产总值比2017年增加410.5亿元。"]
    assert reply.left_out == ("figure",)
    model.follow(
        citing(
            "浙涪合作的三个变化是：从企业输血到合作造血、从人才益智到交流强智、从项目帮扶到资源共享[n]。",
            "第一个变化：",
        )
    )
    changes = ask(CHANGES, ())
    assert isinstance(changes, Answer) and len(changes.sentences) == 1 and len(changes.citations) >= 3


def test_answers_are_as_good_as_ever_while_the_model_is_down(service: Service, model: Model) -> None:
    ask = compose.written_or_quoted(service)
    model.follow(endpoint.status(400))
    answered = 0
    for question in read_golden(ROOT / "corpus" / "golden.jsonl")[:SAMPLE]:
        reply = ask(question.question, question.history)
        quoted = service.assistant.ask(question.question, question.history)
        if isinstance(reply, Answer):
            answered += 1
            assert reply.made_by == QUOTED and reply.unwritten
            reply = replace(reply, unwritten="")
        assert replace(reply, elapsed_ms=0) == replace(quoted, elapsed_ms=0)
    assert answered >= SAMPLE // 4
