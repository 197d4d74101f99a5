"""Which document a question asks for by its age (2019年的办法, 老办法), and what it asks of it."""

import re
from collections.abc import Iterator, Sequence

from corpus.document import Document
from corpus.text.normalise import Normal, normalise
from index.retrieve import Hit
from qa.answering.question.words import holds_in_order
from qa.answering.reader import editions

_LEAST = 3  # characters that ask something: 第四条
_KIND = r"(?:办法|规定|细则|规则|条例|方案|文件|政策|通知|意见|标准|制度|措施|章程|公约|村规(?:民约)?)"
_OLD = (
    r"(?:老版?|旧版?|原来|原先|以前|过去|从前|废止前|修[订改]之?前|[上前]一版|"
    r"(?:已经?)?(?:废止|失效|作废)(?=了?的[\u4e00-\u9fff]{2}))"
)
_YEAR = r"(?:19|20)\d{2}年?(?:版|度)?"
_INSIDE = r"(?:里面?|中|上)?(?:规定|写)?的?(?:是)?[，,]?"
_RULES = r"(?:办法|规定|细则|规则|条例|政策|制度)"
_RULES_BEHIND = re.compile(rf"的?{_RULES}$")
_MADE = r"(?:试行|暂行|实施|施行|执行|出台|发布|公布|印发|制定|修订)的?"
# What the rules are about, 2021年那份水价办法, or when they were made, 2023年试行的办法.
_ABOUT = rf"(?:{_MADE})?(?:{_RULES}|(?P<about>(?!年|{_MADE})(?:(?![多少几什哪谁])[\u4e00-\u9fff]){{2,6}}?{_RULES}))"
# Words that name the document by its age; what they leave is what is asked of it.
_NAMED = re.compile(
    rf"(?:请问|在|(?P<by>按照?|依照|照|根据))?"
    rf"(?:{_OLD}了?的?(?:那[份个部版])?(?:[暂试]行)?{_KIND}?|{_YEAR}的?(?P<that>那[份个部版])?[老旧原]?(?:{_KIND}|{_ABOUT})){_INSIDE}"
)
_IS_A_RULE = re.compile(_KIND)
_AT_THE_TIME = re.compile(rf"(?:在|按照?)?{_YEAR}的?(?:时候|那时|那会儿?|当时|期间)?[，,]?")
_COMPARES = re.compile(
    r"分别|相比|比起|各是|变化|变了|区别|不同|不一样|[多少高低增减涨降]了|比.{1,12}[多少高低长短快慢]"
)


# 按新办法还是老办法 asks which of them holds.
_BOTH = re.compile(
    r"新[^，,。？?]{0,6}(?:还是|和|跟|与|、)[^，,。？?]{0,4}[老旧原]|[老旧原][^，,。？?]{0,6}(?:还是|和|跟|与|、)[^，,。？?]{0,4}新"
)


def asked_for(question: str, hits: Sequence[Hit]) -> list[Hit]:
    """Return the hits in documents that a question asks for by their age; empty where it asks for what holds today.

    A question that compares asks for no older one alone. A year that a document in force bears names that one.
    """
    if editions.asks_for_newest(question) or _COMPARES.search(question) or _BOTH.search(question):
        return []
    years = editions.years(question)
    of_today = [hit for hit in hits if not hit.out_of_force and years & editions.years_named(hit.passage.document)]
    if of_today and not editions.asks_for_older(question):
        return of_today if named_by_age(question, [hit.passage.document for hit in of_today]) else []
    return [hit for hit in hits if hit.out_of_force and editions.names(question, hit.passage.document)]


def of_its_years(question: str, documents: Sequence[Document]) -> dict[str, Document]:
    """Return the documents whose name or title bears a year that a question names, by name."""
    years = editions.years(question)
    return {one.name: one for one in documents if years & editions.years_named(one)} if years else {}


def named_by_age(question: str, documents: Sequence[Document]) -> bool:
    """Return whether a question names one of the documents by its age, not only a year: 2019年的办法, 老办法."""
    return any(_names(question, documents))


def names_a_rule(question: str) -> bool:
    """Return whether a question names an older rule as such, not only a time: 老办法, 2019年的规定, not 搬过去."""
    return any(_IS_A_RULE.search(match[0]) for match in _NAMED.finditer(question))


def _names(question: str, documents: Sequence[Document]) -> Iterator[re.Match[str]]:
    """Yield the words that name a document by its age.

    What a year and a word or two name (2024年医保政策) is in the title of a document of that year, or is called so:
    按2021年水价办法, 2021年那份水价办法.
    """
    for match in _NAMED.finditer(question):
        about = _RULES_BEHIND.sub("", match["about"] or "")
        called = match["by"] or match["that"] or not about
        # Looked through only for such words: there may be many documents.
        if called or any(
            holds_in_order(normalise(title), about) for title in _titles_of_its_years(question, documents)
        ):
            yield match


def _titles_of_its_years(question: str, documents: Sequence[Document]) -> Iterator[str]:
    return (one.title for one in of_its_years(question, documents).values())


def asked_of_it(question: Normal, documents: Sequence[Document]) -> Normal:
    """Return a question without the words that name a document by its age, unless the document tells of that year."""
    rest = str(question)
    for name in reversed([*_names(question, documents)]):
        rest = rest[: name.start()] + (name["about"] or "") + rest[name.end() :]
    # The title, which stands in the text as well, tells of no year.
    texts = [document.text.replace(document.title, "") for document in documents]
    if not any(year in text for year in editions.years(question) for text in texts):
        rest = _AT_THE_TIME.sub("", rest)
    return Normal(rest) if len(rest) >= _LEAST else question
