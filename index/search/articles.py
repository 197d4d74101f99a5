"""Finds the articles that a question asks for by number, in the documents that it names."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from corpus.document import Document
from corpus.text.articles import LABEL, SAID, Number, labelled
from corpus.text.normalise import normalise
from index.passages import Passages, Rows

# A question about the consequences of a violation asks for another article, which cites the violated one.
_VIOLATED = re.compile(r"(?:违反|违背|触犯|不符合|不遵守|没有遵守)[^，。；]{0,20}$")
_NAME = re.compile(r"《([^》]{2,60})》[^，。；]{0,8}$|([\u4e00-\u9fff（）()]{2,40})$")
_BEFORE = re.compile(r"^(?:请问|想问|问一下|麻烦问|根据|按照|依照|依据|关于|那么|那)+")
_AFTER = re.compile(r"(?:的|中|里|里面|当中|规定)+$")
_RULE = re.compile(r"(?:法|法典|条例|办法|规定|规则|细则|规程|规范|章程|汇编|决定|通知|意见|制度|标准|合同|协议)$")
# What may follow an article's label, unlike in 第一条高速公路.
_GOES_ON = re.compile(
    r"\s*(?:第\s*[一二三四五六七八九十百\d]+\s*[款项]|的|中|里|内|之|所|规定|内容|条文|全文|原文|要求|讲|说|写|是|有|怎|如何|"
    r"什么|对|关于|[，,、：:？?。]|$)"
)
# Without 第 it is an article only behind the name of a rule and before what is asked of it: 办法一共十八条 counts them.
_LAW = re.compile(
    r"^(?!.*(?:[这那哪该本]|一共|共|有|含|分$)).*"
    r"(?:法典|(?<![方做看想说立执守违犯用])法|条例|细则|规则|规程|章程|规定)$"
)
_ASKS_OF_IT = re.compile(
    r"\s*(?:第\s*[一二三四五六七八九十百\d]+\s*[款项]|的(?:规定|内容|条文|全文|原文)|(?:规定|讲|说|写)(?:了|的|什么|啥|怎)|"
    r"内容|条文|原文|是(?:什么|啥|怎)|怎么(?:规定|说|写|讲)|什么|[，,、：:？?。]|$)"
)
# 3.1 or 2.4.1, as the clauses of a rule or a contract are numbered.
_CLAUSE = re.compile(
    r"(?<![\d.])第?(\d{1,2}(?:\.\d{1,2}){1,3})(?![\d.%])\s*[条款项]?(?=的|规定|要求|内容|原文|写|讲|说|是|[，,：:？?。]|$)"
)
_LEAST = 3  # characters of a name


@dataclass(frozen=True, slots=True)
class AskedArticle:
    """An article asked for: its number, the name of its document in the question, empty if not named, and the rest."""

    number: Number
    name: str
    rest: str = ""

    def documents(self, documents: Iterable[Document]) -> list[Document]:
        """Return the documents of that name; all documents if none has it."""
        every = list(documents)
        return [document for document in every if self.calls(document)] or every

    def calls(self, document: Document) -> bool:
        """Return whether the name's characters stand in the title in their order: 停车条例 is 城市停车管理条例."""
        rest = iter(normalise(document.title))
        wanted = "".join(normalise(self.name).split())
        return len(wanted) >= _LEAST and all(character in rest for character in wanted)

    @property
    def names_a_rule(self) -> bool:
        """Whether the name is one that rules have, whatever documents exist."""
        return len(self.name) >= _LEAST and bool(_RULE.search(self.name))


def asked_article(question: str) -> AskedArticle | None:
    """Return the first article that a question asks for; None if it asks for none, or about a violation."""
    if match := LABEL.search(question):
        asked = _asked(question, match)
        return asked if not _violated(question, match) and _GOES_ON.match(asked.rest) else None
    for match in SAID.finditer(question):
        asked = _asked(question, match)
        if len(asked.name) >= _LEAST and _LAW.search(asked.name) and _ASKS_OF_IT.match(asked.rest):
            return asked if not _violated(question, match) else None
    return None


def asked_clause(question: str) -> tuple[str, AskedArticle] | None:
    """Return the label of a clause that a question asks of a named rule, 3.1 of 使用规则3.1规定了什么; None for others.

    The number of what it returns says nothing: such a clause is found by its label.
    """
    match = _CLAUSE.search(question)
    name = _NAME.search(question[: match.start()].rstrip()) if match else None
    if not match or not name or _violated(question, match):
        return None
    words = _AFTER.sub("", _BEFORE.sub("", name[1] or name[2]))
    asked = AskedArticle((0, 0), words, question[match.end() :])
    return (match[1], asked) if asked.names_a_rule else None


def _violated(question: str, match: re.Match[str]) -> bool:
    return bool(_VIOLATED.search(question[: match.start()].rstrip()))


def _asked(question: str, match: re.Match[str]) -> AskedArticle:
    name = _NAME.search(question[: match.start()].rstrip())
    words = (name[1] or name[2]) if name else ""
    return AskedArticle(labelled(match), _AFTER.sub("", _BEFORE.sub("", words)), question[match.end() :])


def article_rows(passages: Passages, question: str) -> Rows:
    """Return the rows of the passages that are exactly the article asked for."""
    asked = asked_article(question)
    if asked is None:
        return np.empty(0, dtype=np.int64)
    counts = passages.counts()
    indexed = [document for document in passages.documents if counts[document.name]]
    return passages.article_rows(asked.number, [document.name for document in asked.documents(indexed)])
