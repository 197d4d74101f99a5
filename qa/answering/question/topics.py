"""What a question is about: its topic, the attribute that it asks for and of what, and whether it asks at all."""

import re
from dataclasses import dataclass

import rjieba

from index.search.names import NAME_TAGS
from qa.answering.question.words import ASKS

NOUNS = NAME_TAGS | {"n", "vn", "j", "l", "i", "eng"}
EMPTY_NOUNS = frozenset(["时候", "情况", "问题", "办法", "东西", "地方"])
_TRAILING = frozenset(
    "的 也 是 在 有 由 被 把 对 于 为 了 共 一共 总共 将 要 能 会 可 可以 都 计划 目前 现在 当时 ， , 、".split()  # noqa: SIM905
)
_MODAL = frozenset(["要", "能", "可以", "需要", "应该", "必须"])
COURTESY = re.compile(
    r"^(?:请问一下|请问|你好|您好|我想知道|我想了解|麻烦问一下|想问一下|"
    r"(?:请|麻烦)?[你您]?(?:帮|给|跟)我(?:说说|讲讲|说一下|讲一下|介绍一下|查一下|查查|看看|看一下))[，, ]*"
)
CLAUSE_END = re.compile(r"[，,；;。？?]")
_ASKS_ATTRIBUTE = re.compile(
    rf"^(?P<of>.{{2,40}}?)(?P<asks>(?:一共|总共)?(?:是|为|有|达到|在)?(?:{ASKS.pattern})钱?)[？?。]*$"
)
# Yes or no as it is spoken, from where its words begin: 可以养狗不, 开不开, 有停车场没得, 能不能转租.
_WHETHER = re.compile(
    r"(?:可以|能够|能|要|会|有|用|还|也|该|应该|需要)*(?:(?P<verb>[\u4e00-\u9fff])[不没](?P=verb)|有没得|能否|可否)|"
    r"(?:(?:可以|能够|能|要|有|用|还|也|该|应该|需要|得)[^，,。]{0,12}?|[\u4e00-\u9fff])"
    r"(?:不|没|没得|没有|了没|不嘛|么)[？?。 ]*$|"
    r"吗[？?。 ]*$"
)
_SPOKEN = re.compile(r"可不可以|能不能|可以|能够|没得$|没有$|[不没吗么]$")
_EACH = re.compile(r"^[个家种些条项类位所款]")
_THING = re.compile(r"(?:什么(?!时候|地方)|啥子?(?!时候)|哪些)([\u4e00-\u9fff]{2,6})[？?。]?$")


def asks_whether(text: str) -> bool:
    """Return whether a Chinese text asks for yes or no in the manner of speech: 开不开, 可以养狗不, 有停车场没得."""
    return bool(_WHETHER.search(text))


def asks(text: str) -> bool:
    """Return whether a Chinese text contains a question word; a keyword does not."""
    return bool(ASKS.search(text))


def topic(question: str) -> str:
    """Return what a question is about: the words before its question word, or after it when it begins with one."""
    question = COURTESY.sub("", question)
    match = ASKS.search(question)
    whether = _WHETHER.search(question)
    if whether and (not match or whether.start() < match.start()):
        head = without_trailing(question[: whether.start()])
        return head if has_noun(head) else _SPOKEN.sub("", question.rstrip("？?。吗"))
    head = without_trailing(question[: match.start()]) if match else question.rstrip("？?。")
    if len(head) >= 2:
        # 家里着火了，可以申请什么救助: what is asked for, not what happened.
        thing = _THING.search(question) if match and CLAUSE_END.search(question, 0, match.start()) else None
        return thing[1] if thing else head
    tail = _EACH.sub("", question[match.end() :]) if match else ""
    return tail.strip("？?。的了是 ") or question.rstrip("？?。")


def matter(question: str) -> str:
    """Return the noun that a question begins with, and its verb if that comes first; all it is about without a noun."""
    about = topic(question)
    tagged = [*rjieba.tag(about), ("", "")]
    length, noun = 0, False
    for (word, tag), (after, _) in zip(tagged, tagged[1:], strict=False):
        if noun and tag[0] in "vtrdpc" and after != "会" and word != "会":
            break
        length += len(word)
        noun = noun or (tag in NOUNS and len(word) >= 2)
    owner, of, _ = about[:length].rpartition("的")
    return (owner if of and has_noun(owner) else about[:length]) if noun else about


def subject(question: str) -> str:
    """Return what a question is about, without the attribute it asks for: 万凯项目的产能是多少？ → 万凯项目."""
    asked = attribute(question)
    if not asked or not asked.owner:
        return topic(question)
    return f"{asked.owner}的{asked.between}" if asked.between else asked.owner


def owned(question: str) -> bool:
    """Return whether a question says of what it asks an attribute: 租金多少 does not."""
    asked = attribute(question)
    return not asked or bool(asked.owner)


@dataclass(frozen=True, slots=True)
class Attribute:
    """An attribute and its owner: 新建的 | 项目 | 总投资 | 是多少. The words `between` may belong to either."""

    owner: str
    between: str
    asks: str


def attribute(question: str) -> Attribute | None:
    """Return the attribute that a question asks for, and its owner; None where it asks for none."""
    match = _ASKS_ATTRIBUTE.match(COURTESY.sub("", question))
    if not match:
        return None
    owner, separator, rest = match["of"].rpartition("的")
    tagged = rjieba.tag(rest)
    if not tagged or tagged[-1][1] not in NOUNS | {"v"}:
        return None
    tagged.pop()
    if tagged and tagged[-1][0] == "总":
        tagged.pop()
    between = "".join(word for word, _ in tagged)
    if separator:
        return Attribute(owner, between, match["asks"])
    # A single character belongs to the attribute: 日租金, 月租.
    return Attribute(between if len(between) > 1 else "", "", match["asks"])


def has_noun(question: str) -> bool:
    """Return whether a text has a noun of its own, beyond those of asking."""
    return any(
        tag in NOUNS and len(word) >= 2 and not ASKS.search(word) and word not in EMPTY_NOUNS
        for word, tag in rjieba.tag(COURTESY.sub("", question))
    )


def first_asked(question: str) -> str:
    """Return the question without a second thing that it asks: 学校什么时候建的，校长是谁？ → 学校什么时候建的."""
    match = ASKS.search(question)
    end = CLAUSE_END.search(question, match.end()) if match else None
    return f"{question[: end.start()]}？" if end and question[end.end() :].strip() else question


def without_trailing(text: str) -> str:
    """Return a text without the verbs and function words at its end; empty where nothing else is in it."""
    tagged = rjieba.tag(text)
    # What follows a modal verb is a deed, whatever its tag: 收获机要研发.
    while len(tagged) > 1 and (
        tagged[-1][0] in _TRAILING or tagged[-1][1] == "v" or (len(tagged) > 2 and tagged[-2][0] in _MODAL)
    ):
        if tagged[-1][0] == "会" and tagged[-2][1] in ("v", "vn"):
            return text  # 对接会, 招聘会: a verb before it makes it a noun
        tagged.pop()
    words = [word for word, _ in tagged]
    return "" if words and words[-1] in _TRAILING else "".join(words)


def asks_place(question: str) -> bool:
    """Return whether a question asks for a place."""
    return bool(re.search(r"哪里|哪儿|什么地方|何处|何地|哪个(?:园区|地方|区|县|镇)", question))
