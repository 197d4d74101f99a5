"""Checks that the words of a clause stand in a source; only connecting words may differ."""

import re

import rjieba

from index.search.names import NAME_TAGS
from qa.answering.forms.figures import Facts
from qa.generation.faults import Fault

_NEGATION = re.compile(
    r"不(?:再|会|能|得|需|用|予|是|应|可|收|允许|属于|包括)?|没有?|未|无(?!锡)|非(?!常|遗|洲)|勿|别(?=的)|停止|取消|拒绝|禁止|暂停|终止|撤销|废止|失败|破产|倒闭"
)
_NO_NEGATION = re.compile(
    r"不断|不仅|不但|不同|不少|不论|不管|不远千里|不懈|无论|无偿|无小事|无私|未来|非常|不足|不到|不超过|不少于|不低于|无障碍|无缝|留不住|不忘"
)
_NAMES = NAME_TAGS | {"eng"}
_GRAMMAR = frozenset("u uj ul uv ug ud uz p c r f q y e x w k h o zg d m i t".split())  # noqa: SIM905
_STRONG = re.compile(
    r"最|唯一|首[次个家批]|全部|所有|一律|必须|保证|免费|绝对|永远|永久|仅|只[有能是]|都[是要能]|每[人家户年月]|全[国省市区球]|"
    r"已经?|将|曾|正在|计划|可能|预计|应当?|需要?|率先|均|各|任何|几|数[十百千万]|许多|大量|若干|几乎|超|近|约|余"
)
# Words that connect a sentence and add nothing to it.
_LIGHT = frozenset(
    """
    是 为 有 在 于 由 被 与 和 同 及 以及 并 并且 而 且 也 还 还有 其中 其 该 此 这 这些
    那些 它 它们 他 她 的 了 着 过 地 得 之 等 等等 中 内 里 上 下 后 前 间 共 共有 总共
    一共 合计 共计 总计 累计 分别 分别是 分别为 即 就是 则 从 到 至 自 起 以来 以后 之后 期间
    对 向 把 将 给 用 按 按照 根据 依据 通过 因此 因而 所以 由于 因为 另外 此外 同时 同年
    当年 其后 随后 之间 方面 情况 内容 包括 包含 涵盖 有关 相关 关于 对于 属于 位于 称 称为 叫
    叫做 指 所 所在 来自 来看 看 说 表示 显示 文件 资料 记载 达 达到 达成 为止 截至 截止 相比
    比 较 相差 差 差额 增加 增长 增至 提高 上升 减少 下降 多 少 加 加上 合起来 加起来 之和
    数量 数 总数 数字 金额 总额 个 家 项 名 位 可以 可 能 能够 主要 具体 如下 以下 以上 例如
    比如 如 两者 二者 三者 双方 前者 后者 一是 二是 三是 首先 其次 最后 第一 第二 第三 依次
    进行 开展 实现 一个 一 二 三 四 五 六 两
    """.split()  # noqa: SIM905  # a table of words reads better than a list of quotes
)


def unsaid(clause: Facts, source: str, around: str) -> Fault | None:
    """Return the fault of a clause with words that neither stand in the source nor merely connect."""
    copy, stands = clause.copy, _without_spaces(source)
    around = stands + "\n" + _without_spaces(around)
    covered = clause.places
    position = 0
    for word, tag in rjieba.tag(copy):
        start = copy.index(word, position)
        position = start + len(word)
        if any(begin < position and start < end for begin, end in covered) or not re.search(r"\w", word):
            continue
        if word in around or _pieces_stand(word, around):
            continue
        if _STRONG.search(word) or re.search(r"[零〇一二两三四五六七八九十百千万亿\d]", word) and word not in _LIGHT:
            return Fault.WORDS
        if word in _LIGHT or all(char in _LIGHT for char in word) or (tag in _GRAMMAR and len(word) == 1):
            continue
        return Fault.NAME if tag in _NAMES else Fault.WORDS
    return None if _in_order(copy, stands) else Fault.MIXED_UP


def _pieces_stand(word: str, text: str) -> bool:
    """Return whether a word consists of words of the text (投资额 of 投资): all its character pairs stand there."""
    if len(word) < 3 or word.isascii():
        return False
    return all(word[i : i + 2] in text for i in range(len(word) - 1))


def names(copy: str) -> list[str]:
    return [word for word, tag in rjieba.tag(copy) if tag in _NAMES and len(word) > 1]


def _in_order(copy: str, source: str) -> bool:
    """Return whether the names that stand once in both stand in the same order: 浙江援建涪陵 is not 涪陵援建浙江."""
    both = [n for n in dict.fromkeys(names(copy)) if copy.count(n) == 1 and source.count(n) == 1]
    return sorted(both, key=copy.index) == sorted(both, key=source.index)


def negated(clause: str, source: str) -> Fault | None:
    """Return the fault if one of both negates what the other states; None otherwise."""
    mine, its = _denied(clause), _denied(source)
    if any(what not in source or not any(word == other for other, _ in its) for word, what in mine):
        return Fault.NEGATION
    dropped = [what for _, what in its if len(what) == 2 and what in clause]
    return Fault.NEGATION if dropped and not mine else None


def _denied(copy: str) -> list[tuple[str, str]]:
    """Return each negation with the two characters that follow it."""
    masked = _NO_NEGATION.sub(lambda match: "□" * len(match.group()), copy)
    return [(m.group(), re.sub(r"\W", "", masked[m.end() : m.end() + 2])) for m in _NEGATION.finditer(masked)]


def _without_spaces(text: str) -> str:
    return re.sub(r"[^\S\n]+", "", text)
