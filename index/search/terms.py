"""Terms for matching: words and character pairs of a normalised copy of the text."""

import re

from corpus.text.normalise import normalise

# Raise this whenever the same text would have other terms: a snapshot's recipe records it.
VERSION = 1
_CHINESE = re.compile(r"[\u4e00-\u9fff]+")
_WORD = re.compile(r"[\w.%]+")
_STOP = frozenset(
    """
    的 了 是 在 和 与 及 或 也 都 就 而 着 过 被 把 对 从 到 由 于 以 为 有 个 这 那 其 该 此 等 之 吗 呢 吧 啊 呀 哪 谁
    什么 多少 几 哪些 哪个 哪里 怎么 怎样 如何 为什么
    何时 何地 何处 何人 多久 多大 多长 是否 分别 请问 一下 我 你 您 他 她 它 我们 你们 他们 想 知道 告诉 谢谢
    a an the of in is was were are to what when where who how which did does do
    """.split()  # noqa: SIM905  # a table of words reads better than a list of quotes
)


def words(text: str) -> list[str]:
    """Return the words of a normalised copy, without function words and punctuation."""
    return words_in(normalise(text))


def terms(text: str) -> list[str]:
    """Return what the lexical index counts: words, and character pairs for names missing from dictionaries."""
    normal = normalise(text)
    return words_in(normal) + bigrams_in(normal)


def words_in(normal: str) -> list[str]:
    """Return the words of a text that is a normalised copy."""
    import rjieba  # here, because its dictionary takes a while to load, and many commands search nothing

    return [w for w in rjieba.cut_for_search(normal) if _WORD.fullmatch(w) and w not in _STOP]


def bigrams_in(normal: str) -> list[str]:
    """Return the pairs of neighbouring Chinese characters of a text that is a normalised copy."""
    return [run[i : i + 2] for run in _CHINESE.findall(normal) for i in range(len(run) - 1)]
