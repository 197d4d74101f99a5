"""Written answers by the whole program, its own models included; only the language model is scripted."""

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest

from qa.answering.reply import QUOTED, WRITTEN, Answer
from qa.bootstrap import service as bootstrap
from qa.bootstrap.service import Service
from qa.evaluation.golden import read_golden
from qa.runtime.settings import ROOT
from qa.runtime.settings import read as read_settings
from tests.support.counts import count, some
from tests.support.doubles import llm_endpoint
from tests.support.doubles.llm_endpoint import Call, Model
from tests.support.programs.serving import Served

GROWTH = "涪陵地区生产总值2017年到2021年增加了多少？"
CHANGES = "浙涪合作的三个变化依次落在哪三方面？"
SAMPLE = count(4, whole=12)


@pytest.fixture(scope="module")
def model() -> Iterator[Model]:
    with llm_endpoint.running() as running:
        yield running


@pytest.fixture(scope="module")
def service(served: Served, model: Model) -> Service:
    home = str(served.home)
    settings = read_settings({"QA_HOME": home, "QA_LLM_URL": model.address, "QA_LLM_KEY": llm_endpoint.KEY})
    return bootstrap.open_service(settings, lambda _: None)


def citing(text: str, anchor: str) -> llm_endpoint.Script:
    """Says a text, `[n]` in it being the number of the passage that holds some words."""

    def script(call: Call) -> None:
        sent = call.body["messages"][1]["content"]
        passages = re.findall(r"^\[(\d+)\] .*?\n<<(\w+)\n(.*?)\n\2>>", sent, re.DOTALL | re.MULTILINE)
        number = next((number for number, _, words in passages if anchor in words), "99")
        llm_endpoint.says(text.replace("[n]", f"[{number}]"))(call)

    return script


def test_a_difference_and_a_summary_are_written_from_what_the_reader_chose(service: Service, model: Model) -> None:
    ask = bootstrap.written_or_quoted(service)
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


# What a good model would write of a question, words of the passage it cites, and the same with one thing wrong.
COMPUTED = (
    (
        "涪陵地区生产总值2017年和2021年各是多少，增加了多少？",
        "涪陵地区生产总值从2017年的992.24亿元增加到2021年的1402.74亿元，增加了410.5亿元",
        "992.24亿元",
        "涪陵地区生产总值从2017年的992.24亿元增加到2021年的1402.74亿元，增加了420.5亿元",
    ),
    (
        "浙江省累计实施的对口支援经济合作项目和公益事业建设项目有多少个？",
        "浙江省累计实施对口支援经济合作项目13个，实施公益事业建设项目232个，合计245个",
        "232个",
        "浙江省累计实施对口支援经济合作项目13个，实施公益事业建设项目232个，合计255个",
    ),
    (
        "多少家浙江企业同多少家涪陵本土企业开展合作？",
        "35家浙江企业和42家涪陵本土企业开展合作，合计77家企业",
        "35家浙江企业同",
        "35家浙江企业和42家涪陵本土企业开展合作，合计87家企业",
    ),
    (
        "到涪陵指导工作的浙江领导有多少位？",
        "2017年以来，有3位省级领导和72位省级部门以及市县级领导先后深入涪陵指导对口支援工作，合计75位",
        "3位省级领导",
        "2017年以来，有3位省级领导和72位省级部门以及市县级领导先后深入涪陵指导对口支援工作，合计72位",
    ),
    (
        "涪陵建成了多少个智能工厂和数字化车间？",
        "涪陵建成智能工厂2个、数字化车间5个，合计7个",
        "智能工厂2个",
        "涪陵建成智能工厂2个、数字化车间5个，合计8个",
    ),
    (
        "浙涪合作走向深入，要打好哪两张牌？",
        "浙涪合作要打好两张牌：一张是感情牌，一张是服务牌",
        "一张是感情牌",
        "浙涪合作要打好两张牌：一张是感情牌，一张是王牌",
    ),
    (
        "涪陵百千万三峡人才培养工程的对象有哪三类？",
        "“涪陵百千万三峡人才”培养工程的对象有三类：百名党政领导干部、千名专业技术人才、万名移民致富能手",
        "百名党政领导干部",
        "“涪陵百千万三峡人才”培养工程的对象有三类：百名党政领导干部、千名移民致富能手、万名专业技术人才",
    ),
    (
        "对口支援无小事、浙商企业无小事是谁的理念？",
        "涪陵区秉承两条理念：对口支援无小事、浙商企业无小事",
        "对口支援无小事",
        "涪陵区秉承三条理念：对口支援无小事、浙商企业无小事",
    ),
    (
        "涪陵探索了哪些企业合作模式？",
        "涪陵探索了多种企业合作模式，包括技术合作、股份合作、债权债务买断",
        "股份合作",
        "涪陵探索了多种企业合作模式，包括技术合作、股份合作、债务重组",
    ),
    (
        "考察榨菜收获机械化项目的专家来自哪三家单位？",
        "专家一行5人来自三家单位：浙江农科院农业装备研究所、浙江农林大学、西南大学",
        "西南大学",
        "专家一行5人来自三家单位：浙江农科院农业装备研究所、浙江大学、西南大学",
    ),
    (
        "涪陵优秀年轻干部挂职锻炼累计多少人次？",
        "涪陵优秀年轻干部挂职锻炼累计已有533人次，协调引进的合作项目有60余个",
        "533人次",
        "涪陵优秀年轻干部挂职锻炼累计已有533人次，协调引进的合作项目有60个",
    ),
    (
        "浙涪合作的三个变化依次落在哪三方面？",
        "第一个变化是从企业输血到合作造血，第二个变化是从人才益智到交流强智，第三个变化是从项目帮扶到资源共享",
        "第一个变化：",
        "第一个变化是从企业输血到合作造血，第二个变化是从项目帮扶到资源共享，第三个变化是从人才益智到交流强智",
    ),
    (
        "涪陵区在2021年的规上工业产值和增加值怎么样？",
        "2021年，涪陵规上工业产值迈上2200亿元台阶，规上工业增加值和利润总额都跃居全市区县第一",
        "2200亿元",
        "2021年，涪陵规上工业增加值迈上2200亿元台阶，规上工业产值和利润总额都跃居全市区县第一",
    ),
)


@pytest.mark.parametrize(("question", "good", "anchor", "wrong"), some(COMPUTED, part=COMPUTED[::3]))
def test_what_is_computed_compared_or_summed_up_is_shown_and_cited_and_one_wrong_term_is_not(
    service: Service, model: Model, question: str, good: str, anchor: str, wrong: str
) -> None:
    ask = bootstrap.written_or_quoted(service)
    model.follow(citing(f"{good}[n]。{wrong}[n]。", anchor))
    reply = ask(question, ())
    assert isinstance(reply, Answer) and reply.made_by == WRITTEN, reply
    assert [part.text for part in reply.sentences] == [f"{good}。"]
    assert all(part.citations for part in reply.sentences) and len(reply.left_out) == 1


def test_answers_are_as_good_as_ever_while_the_model_is_down(service: Service, model: Model) -> None:
    ask = bootstrap.written_or_quoted(service)
    model.follow(llm_endpoint.status(400))
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
