"""Decides whether two questions mean the same: what they ask for, of whom, when, how much, and what they deny.

An embedding cannot decide this alone: the nearest misses, 校长 and 书记, 招生 and 毕业, lie nearer than many a
rewording (see docs/decisions/paraphrase-detection.md). Two questions therefore count as one only when nothing that
carries meaning differs.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

import rjieba

from corpus.text.numerals import whole_number, years_in_digits
from index.search.names import NAME_TAGS
from qa.answering.query_rewriting import Synonyms, matching_copy
from qa.answering.screening import clean

_COURTESY = re.compile(
    r"^(?:请问一下|请问|你好|您好|我想知道|我想了解一下|我想了解|我想问一下|我想问|我想|麻烦问一下|想问一下|想咨询一下|"
    r"请告诉我|麻烦您|那个|咨询一下)[，, ]*|[，, ]*(?:谢谢您?|谢谢你|多谢|麻烦了)[！!。.]*$"
)
# Kinds of things asked for, by their question words. The first match counts; only its place is kept.
_KINDS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(words))
    for kind, words in (
        ("why", r"为什么|为何|为啥子?|什么原因|咋个会|怎么会"),
        ("what to do", r"要?(?:怎么|咋个?|如何)办"),
        ("what like", r"怎么样|怎样(?=[？?。]*$)|咋样"),
        ("how", r"怎么|怎样|如何|咋个?"),
        ("when", r"(?:是|到|在)?(?:什么时候|什么时间|何时|哪一?(?:年|天|日)|几月几[号日]|几[号月]|啥时候?|好久)"),
        ("hour", r"几点(?:钟)?"),
        ("how long", r"多长时间|多久|几年|几天|几个月"),
        ("where", r"(?:是|在|位于)?(?:哪里|哪儿|哪点|什么地方|何处|何地|哪个地方)"),
        ("who is", r"叫(?:什么|啥子?)(?:名字?)?|是谁|谁(?=是|任|担任)|是?哪一?位|是?哪个人|姓名是(?:什么|啥子?)"),
        ("who", r"谁"),
        ("number", r"(?:是|有|达到|为|达)?(?:多少|好多|几)|(?:是)?多大|(?:是)?多高"),
        ("which", r"(?:是|有)?(?:哪(?:些|几)(?:个|名|位|所|家|项|条|种)?|哪(?:个|家|所|项|种|条)|什么|啥子?)"),
    )
)
# Kinds for which word order matters: 谁支援涪陵 is not 涪陵支援谁.
_PLACED = ("where", "who", "number", "which")
# Kinds for which the first words only name the subject: 怎么申请补贴 is 补贴怎么申请.
_TURNABLE = ("how", "which", "where")
_ASKED = "?"
# An amount of money asks for a number, with or without 钱 or 元.
_HOW_MUCH = re.compile(r"(?<=[价费资])((?:格|用|金)?的?(?:是|要|有)?(?:多少|好多))[钱元]")
_MONEY = re.compile(r"(多少|好多)[钱元]")
_MONTHLY = re.compile(r"(?:每一?个?|一个)月")
_COUNTED = re.compile(r"\?\s*(?:个|名|位|人(?!次)|所|家|项|座|条|间|台|套)(?=[\u4e00-\u9fff])")
_PERSONS = re.compile(r"\?\s*(?:名|位)\s*$")
_OR_NOT = re.compile(r"([\u4e00-\u9fff])[不没]\1|有没有|是否|能否|可否|吗|么(?=$)")
_NEGATION = re.compile(r"[不没无未非别勿莫]")
_MEASURES = "个名位所家项次对批座条间台套人年月日天岁元吨亩成期车"
_FIGURE = re.compile(
    rf"第?\d[\d,]*(?:\.\d+)?%?|第[一二三四五六七八九十百]+|[一二三四五六七八九十百千万亿两]+(?=[{_MEASURES}])"
)
_YEAR = re.compile(r"(?:19|20)\d{2}年?(?:度)?")
_PERCENT = re.compile(r"百分之([零一二三四五六七八九十百]+|\d+(?:\.\d+)?)")
# Function words: they change no answer.
_LIGHT = frozenset(
    """
    的 了 着 地 得 是 在 有 呢 啊 呀 吧 嘛 哦 么 请 从 里 里面 中 我 我们 你 您 咱们 想 到底 具体
    一共 总共 共 一个 那 那个 这 这个 些 该 现在 目前 为 于 啥 之 叫 做 之间 提交
    """.split()  # noqa: SIM905  # a table of words reads better than a list of quotes
)
# Modal verbs count only in a yes-or-no question, where they are all that it asks.
_MODAL = {"能": "能", "能够": "能", "可以": "能", "要": "要", "需要": "要", "会": "会"}
_ALIKE = {
    **{"去": "到", "至": "到", "与": "和", "跟": "和", "同": "和", "及": "和"},
    **{"联系电话": "电话", "电话号码": "电话", "申领": "申请"},
}
_MARKS = re.compile(r"[^\w%?#]+")


@dataclass(frozen=True, slots=True)
class Sense:
    """The meaning of a question: the kind of thing it asks for, its figures, its denials, and its other words."""

    kind: str
    figures: tuple[str, ...]
    denials: int
    named: bool
    content: str


def sense(question: str, synonyms: Synonyms) -> Sense:
    """Return the sense of a question as a citizen typed it."""
    copy = years_in_digits(matching_copy(clean(question), synonyms)).rstrip("?？。.!！ ")
    while (plain := _COURTESY.sub("", copy)) != copy:
        copy = plain
    return _sense(copy)


def same(one: Sense, other: Sense) -> bool:
    """Return whether two questions ask the same. Word order may differ only where it changes no meaning."""
    if (one.kind, one.figures, one.denials) != (other.kind, other.figures, other.denials):
        return False
    if not one.content.strip(_ASKED) or one.content == other.content:
        return one.content == other.content != ""
    turned = len(one.content) == len(other.content) and other.content in one.content * 2
    return turned and one.kind in _TURNABLE and not one.named


@lru_cache(maxsize=4096)
def _sense(copy: str) -> Sense:
    copy = _MONTHLY.sub("月", _MONEY.sub(r"\1资金", _HOW_MUCH.sub(r"\1", copy.replace(_ASKED, " "))))
    asked = _PERCENT.sub(lambda match: f"{_figure(match.group(1))}%", copy)
    kind = next((kind for kind, words in _KINDS if words.search(asked)), "")
    if kind:
        asked = dict(_KINDS)[kind].sub(f" {_ASKED} " if kind in _PLACED else " ", asked, count=1)
    if kind == "number":
        asked = _PERSONS.sub("? 人", _COUNTED.sub("? ", asked))
    asked, whether = _OR_NOT.subn(lambda match: f" {match.group(1) or ''}", asked)
    if whether and not kind:
        kind = "whether"
    figures = [_figure(found) for found in _FIGURE.findall(asked)]
    if len(figures) == 1:
        asked = _YEAR.sub(" ", asked)  # a single year may stand anywhere
    words, named = _words(_FIGURE.sub(" # ", asked), whether=kind == "whether")
    if kind == "number" and words[-1:] == [_ASKED] and len(words) > 1:
        words[-2:] = [_ASKED, words[-2]]  # 资金有多少 is 多少资金
    return Sense(kind, tuple(figures), len(_NEGATION.findall(asked)), named, "".join(words))


def _words(text: str, *, whether: bool) -> tuple[list[str], bool]:
    """Return the words that carry meaning, in their order, and whether a name is among them."""
    words, named = [], False
    for word, tag in rjieba.tag(" ".join(_MARKS.sub(" ", text).split())):
        word = _ALIKE.get(word, word)
        if word in _MODAL:
            word = _MODAL[word] if whether else ""
        if word in _LIGHT or not word.strip():
            continue
        words.append(word)
        named = named or (tag in NAME_TAGS and len(word) >= 2)
    return words, named


def _figure(text: str) -> str:
    """Return a number in digits: 第三 → 3, 二十五 → 25, 1,000 → 1000."""
    text = text.removeprefix("第")
    if text[:1].isdigit():
        return text.replace(",", "")
    try:
        return str(whole_number(text))
    except ValueError:
        return text  # 万人, which says no number
