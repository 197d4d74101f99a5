"""What written answers are tried on: passages of the shipped documents, an answer quoted from them, true sentences."""

import asyncio
from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import dataclass
from functools import cache

from pydantic import SecretStr

from corpus.document import Passage, Span
from corpus.read import read
from corpus.text.passages import Splitter
from qa.answering.reply import Answer, Citation
from qa.generation.breaker import Breaker
from qa.generation.client import Endpoint
from qa.generation.entailment import Agrees
from qa.generation.writer import Writer
from qa.runtime.settings import ROOT
from tests.support.doubles.llm_endpoint import KEY, Model

# Words that tell each passage from the others, in the order in which they are numbered.
ANCHORS = (
    "992.24亿元",
    "总投资为18亿元",
    "面积12万平方米",
    "35家浙江企业同",
    "正式揭牌成立",
    "3位省级领导",
    "11批次355人次",
    "公益事业建设项目232个",
    "533人次",
    "己二酸",
    "迈上2200亿元",
    "第一个变化：",
)
TRUE = (
    "涪陵地区生产总值2017年是992.24亿元，2021年增加到1402.74亿元[1]。",
    "2021年涪陵地区生产总值达到1402.74亿元[1]。",
    "2021年涪陵地区生产总值比2017年增加410.5亿元[1]。",
    "涪陵地区生产总值从2017年的992.24亿元增加到2021年的1402.74亿元，增加了410.5亿元。[1]",
    "万凯正式开工建设的食品级PET高分子新材料项目总投资为18亿元，年产60万吨[2]。",
    "项目建成后，万凯的PET年产能将达到180万吨，产值超150亿元[2]。",
    "浙江国盛基业集团在涪陵建设了大型现代商业综合体和专业市场，面积十二万平方米[3]。",
    "浙涪合作累计促成35家浙江企业同42家涪陵本土企业开展合作[4]。",
    "35家浙江企业和42家涪陵本土企业开展合作，合计77家企业[4]。",
    "涪陵浙江商会于2020年11月21日正式揭牌成立[5]。",
    "涪陵浙江商会于二〇二〇年十一月二十一日成立[5]。",
    "在涪陵的浙资企业有237家。[5]",
    "2017年以来，3位省级领导和72位省级部门以及市县级领导先后深入涪陵指导对口支援工作[6]。",
    "浙江领导在涪陵现场捐赠的资金超过3000万元[6]。",
    "涪陵党政代表团先后11批次355人次赴浙江[7]。",
    "2017年以来，浙江省实施公益事业建设项目232个，到位的无偿捐赠资金有1.46亿元[8]。",
    "涪陵优秀年轻干部挂职锻炼累计533人次[9]。",
    "华峰新材料产业园落户涪陵12年，目前已成长为全球最大的己二酸生产企业[10]。",
    "华峰以专有技术建成了10万吨己二腈/己二腈生产装置，填补了国内空白[10]。",
    "2021年，涪陵规上工业产值迈上2200亿元台阶[11]。",
    "浙涪合作的三个变化是：从企业输血到合作造血、从人才益智到交流强智、从项目帮扶到资源共享[12]。",
)


@cache
def shipped() -> tuple[Passage, ...]:
    """The passages that `ANCHORS` stand in."""
    splitter = Splitter(lambda text: len("".join(text.split())), 160)
    passages = [p for document in read(ROOT / "corpus" / "documents").documents for p in splitter.split(document)]
    return tuple(next(p for p in passages if anchor in p.text) for anchor in ANCHORS)


def cite(passage: Passage, span: Span) -> Citation:
    document = passage.document
    return Citation(document.name, document.title, passage.headings, span.start, span.end, span.of(document.text))


def quoted(number: int = 1, *, question: str = "问题？", snapshot: str = "000001") -> Answer:
    """The quoted answer: every sentence of one of the passages, numbered from 1."""
    passage = shipped()[number - 1]
    citations = tuple(cite(passage, span) for span in passage.sentences)
    return Answer(
        question=question,
        standalone_question=question,
        snapshot=snapshot,
        text=citations[0].text,
        citations=citations,
        confidence=0.9,
    )


@dataclass
class Grounds:
    """Gives the shipped passages, or others."""

    passages: Sequence[Passage] = ()

    def evidence(self, answer: Answer) -> Sequence[Passage]:
        return self.passages or shipped()

    def cite(self, passage: Passage, span: Span) -> Citation:
        return cite(passage, span)


def writer(
    model: Model,
    *,
    grounds: Grounds | None = None,
    agrees: Agrees = lambda sentence, support: True,
    seconds: float = 60,
    failures: int = 10_000,
) -> Writer:
    """A writer at a scripted endpoint. Nothing but the check of words stands in the way, unless `agrees` is given."""
    endpoint = Endpoint(
        model.address, "m", SecretStr(KEY), seconds=seconds, breaker=Breaker(failures=failures), first_delay=0.01
    )
    return Writer(endpoint, grounds or Grounds(), agrees)


def growing(writer: Writer, answer: Answer) -> list[Answer]:
    """Every state of the answer that a visitor would see, the reply last."""

    async def collect() -> list[Answer]:
        async with aclosing(writer.write(answer)) as states:
            return [state async for state in states]

    return asyncio.run(collect())
