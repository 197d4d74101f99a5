"""The clause that a question names, of those that say the same of different things: 停水提前24小时；停气提前48小时."""

import os
import re
from collections.abc import Sequence
from dataclasses import replace
from difflib import SequenceMatcher

from corpus.document import Span
from corpus.text.normalise import Normal, normalise
from index.search.terms import words
from qa.answering.forms.figures import facts
from qa.answering.forms.tables.ranges.cases import answer_in
from qa.answering.reader.base import Finding

# First the parts of a sentence, then what commas part in it.
_PARTED = (re.compile(r"[^；;。\n]+"), re.compile(r"[^；;。\n，,]+"))
# A name, and the figure of it that ends the clause: 咨询电话：东院区5320171.
_LABEL = re.compile(
    r"(?:[^：:]*[：:])?\s*(?P<name>(?!每)[\u4e00-\u9fff]{2,12})(?:是|为|共)?(?P<figure>\d[\d.,:：-]*[\u4e00-\u9fff%/]{0,6})$"
)
# Of speech without marks: 一般登记是三个工作日抵押登记是一个工作日.
_SPOKEN = re.compile(
    r"(?P<name>[\u4e00-\u9fff]{2,16}?)(?:是|为|要|收|需)(?P<figure>(?:\d[\d.,]*|[一二两三四五六七八九十百千半]+)"
    r"(?P<unit>个工作日|工作日|个?小时|分钟|个月|天|日|年|岁|元|块钱?|公里|平方米|米|吨|公?斤|人|名|户|家|次|%))"
)
_SENTENCE = re.compile(r"[^。！？\n]+")
# Superlatives and what says the opposite of them.
_PAIRS = (
    ("最大|最年长", "最小|最年轻"),
    ("最高", "最低"),
    ("最多", "最少"),
    ("最早|最先", "最[晚迟后]"),
    ("最长", "最短"),
    ("最远", "最近"),
    ("最快", "最慢"),
    ("最贵", "最便宜"),
    ("最[重沉]", "最轻"),
    ("最[宽厚深强好]", "最[窄薄浅弱差]"),
)
_COMPILED = [(re.compile(one), re.compile(other)) for one, other in _PAIRS]
_OPPOSITES = [*_COMPILED, *((other, one) for one, other in _COMPILED)]
# Names, which ask for no least.
_NAMED_SO = re.compile("最低(?:生活|工资|保障|收入)|最高(?:人民|法|检)|最后(?!的|一)")
_IS = re.compile("[是为](?!否)")
_UNTIL_ASKED = re.compile(
    r"截止|截至|最[晚迟后].{0,4}(?:什么时候|何时|[哪几]天|几号|几点|时间|日期)|(?:什么时候|何时|哪天|几号|几点)(?:之|以)?前"
)
_DAY_WORDS = r"(?:(?:20\d\d|今|明)年)?\d{1,2}月(?:\d{1,2}[日号]|[上中下]旬|底|末|初)(?:\d{1,2}(?:[:：]\d\d|[时点]))?"
_DAY = re.compile(_DAY_WORDS)
_DEADLINE = re.compile(
    rf"(?:截止(?:时间|日期)?(?:[：:为到至]|是)?|截至)(?P<day>{_DAY_WORDS})|(?P<until>{_DAY_WORDS})(?=(?:之|以)?前|止|截止|为止)"
)
# How similar clauses are that say the same: one has the answer in place of the other, or one answer runs over both.
_SAME, _BOTH = 0.6, 0.35


def in_the_right_clause(question: Normal, finding: Finding) -> Finding:
    """Return a finding whose shortest answer is of the one clause that holds words of the question that no other has.

    An answer in a clause like it is moved there, one that runs on into a clause like it is cut. Where figures stand
    behind names, the name decides. What is said of the least does not answer which is the most, nor the day of the
    event until when to apply for it.
    """
    return (
        _until_when(question, finding)
        or _of_the_most(question, finding)
        or _of_its_label(question, finding)
        or _of_its_spoken_name(question, finding)
        or _of_its_clause(question, finding)
    )


def _until_when(question: Normal, finding: Finding) -> Finding | None:
    """Return a finding with the one deadline of its quotation, where its answer is another day; None otherwise."""
    short, text = finding.short, finding.document.text
    if not short or not _UNTIL_ASKED.search(question) or not _DAY.search(text, short.start, short.end):
        return None
    deadlines = _DEADLINE.finditer(text, finding.quote.start, finding.quote.end)
    found = [Span(*match.span("day" if match["day"] else "until")) for match in deadlines]
    if len(found) != 1 or (short.start < found[0].end and found[0].start < short.end):
        return None
    return replace(finding, short=found[0])


def _of_the_most(question: Normal, finding: Finding) -> Finding | None:
    """Return a finding with what is said of the most asked for, where its answer is of the opposite: 最大 for 最小.

    It has no shortest answer where that is said more than once. None for other questions and answers.
    """
    short, text = finding.short, finding.document.text
    asked = _NAMED_SO.sub("", question)
    sides = [(one, other) for one, other in _OPPOSITES if one.search(asked) and not other.search(asked)]
    if not short or len(sides) != 1:
        return None
    clauses = _clauses_of_most(sides[0], finding)
    asked_for = [clause for clause, is_asked in clauses if is_asked]
    own = [is_asked for clause, is_asked in clauses if short.start < clause.end and clause.start < short.end]
    if not asked_for or not own or all(own):
        return None
    if len(asked_for) > 1:
        return replace(finding, short=None)
    clause = asked_for[0]
    return replace(finding, short=_within(short, clause, text) if any(own) else _said_in(clause, short, text))


def _clauses_of_most(sides: tuple[re.Pattern[str], re.Pattern[str]], finding: Finding) -> list[tuple[Span, bool]]:
    """Return what is said of one superlative or its opposite, and whether it is the one: up to where the next is said.

    A clause that holds both is of neither.
    """
    text, found = finding.document.text, list[tuple[Span, bool]]()
    for sentence in _SENTENCE.finditer(text, finding.quote.start, finding.quote.end):
        following = False
        for match in _PARTED[1].finditer(text, *sentence.span()):
            words = _NAMED_SO.sub("", normalise(match.group()))
            one, other = (bool(side.search(words)) for side in sides)
            if one != other:
                found.append((Span(*match.span()), one))
            elif following and not one:
                found[-1] = (Span(found[-1][0].start, match.end()), found[-1][1])
            following = one != other or (following and not one)
    return found


def _said_in(clause: Span, short: Span, text: str) -> Span:
    """Return the answer in a clause: the figure like that of `short`, what stands behind 是, or all of it."""
    if facts(short.of(text)).figures and (found := answer_in(clause, short, text)):
        return found
    said = _IS.search(text, clause.start, clause.end)
    return Span(said.end(), clause.end).trimmed(text) if said else clause.trimmed(text)


def _of_its_clause(question: Normal, finding: Finding) -> Finding:
    short, text = finding.short, finding.document.text
    for parted in _PARTED if short else ():
        clauses = [Span(*match.span()) for match in parted.finditer(text, finding.quote.start, finding.quote.end)]
        asked = [clause for clause in clauses if _names(question, clause, clauses, text)]
        own = [clause for clause in clauses if short and short.start < clause.end and clause.start < short.end]
        if len(asked) > 1 and len(own) == 1:
            # What heads them all, 古树的保护范围，一级为…5米，二级为…3米, is none of them.
            asked = [clause for clause in asked if clause in own or _alike(own[0], clause, text) >= _SAME]
        if not short or len(asked) != 1 or not own or own == asked:
            continue
        alike = min(_alike(one, asked[0], text) for one in own if one != asked[0])
        if len(own) == 1 and alike >= _SAME:
            return replace(finding, short=answer_in(asked[0], short, text))
        if asked[0] in own and alike >= _BOTH:
            return replace(finding, short=_within(short, asked[0], text))
    return finding


def _of_its_label(question: Normal, finding: Finding) -> Finding | None:
    """Return a finding whose answer is the figure behind the one name that a question holds: 东院区1，北院区2.

    None where no figures stand behind names of like things, or the question holds none of the names.
    """
    short, text = finding.short, finding.document.text
    if not short:
        return None
    clauses = [Span(*match.span()) for match in _PARTED[1].finditer(text, finding.quote.start, finding.quote.end)]
    labels = {clause: _LABEL.match(text[clause.start : clause.end]) for clause in clauses}
    own = next((label for clause, label in labels.items() if label and short.lies_in(clause)), None)
    asked = question.replace(" ", "")
    # Names of like things end alike: 东院区, 北院区.
    like = {
        clause: label
        for clause, label in labels.items()
        if label and own and _kind(label) == _kind(own) and label["name"][-1] == own["name"][-1]
    }
    named = [(clause, label) for clause, label in like.items() if label["name"] in asked]
    if len({label["name"] for label in like.values()}) < 2 or len(named) != 1:
        return None
    clause, label = named[0]
    return replace(finding, short=Span(clause.start + label.start("figure"), clause.start + label.end("figure")))


def _of_its_spoken_name(question: Normal, finding: Finding) -> Finding | None:
    """Return a finding whose answer is the figure behind the one name that a question holds, where no mark parts them.

    None where fewer than two figures of a unit stand behind names that end alike.
    """
    short, text = finding.short, finding.document.text
    clauses = _PARTED[1].finditer(text, finding.quote.start, finding.quote.end) if short else ()
    own = next((Span(*match.span()) for match in clauses if short and short.lies_in(Span(*match.span()))), None)
    said = list(_SPOKEN.finditer(text, own.start, own.end)) if own else []
    at = next((one for one in said if short and one.start() <= short.start and short.end <= one.end()), None)
    like = [one for one in said if at and one["unit"] == at["unit"] and one["name"][-2:] == at["name"][-2:]]
    held = {one: _shared_end(one["name"], question) for one in like}
    most = max(held.values(), default=0)
    named = [one for one, length in held.items() if length == most]
    if len(like) < 2 or len(named) != 1 or most <= len(os.path.commonprefix([one["name"][::-1] for one in like])):
        return None
    return replace(finding, short=Span(*named[0].span("figure")))


def _shared_end(name: str, question: str) -> int:
    """Return how many of the last characters of a name stand together in a question."""
    return next((length for length in range(len(name), 0, -1) if name[-length:] in question), 0)


def _kind(label: re.Match[str]) -> str:
    """Return what figures behind like names have in common: their unit, and for numbers alone their length."""
    figure = label["figure"]
    return f"{len(figure)} digits" if figure.isdigit() else re.sub(r"[\d.,:：-]+", "0", figure)


def _names(question: Normal, clause: Span, clauses: Sequence[Span], text: str) -> bool:
    """Return whether a question holds a word of the clause that stands in none of the others."""
    others = [normalise(other.of(text)) for other in clauses if other is not clause]
    return any(
        len(word) > 1 and _stands_in(word, question) and not any(word in other for other in others)
        for word in words(normalise(clause.of(text)))
    )


def _stands_in(word: str, question: str) -> bool:
    """Return whether a word stands in a question: 20 is no part of 2021."""
    return word in question and not (
        word[0].isdigit() and re.search(rf"\d{re.escape(word)}|{re.escape(word)}\d", question)
    )


def _alike(one: Span, other: Span, text: str) -> float:
    return SequenceMatcher(None, normalise(one.of(text)), normalise(other.of(text)), autojunk=False).ratio()


def _within(short: Span, clause: Span, text: str) -> Span | None:
    span = Span(max(short.start, clause.start), min(short.end, clause.end)).trimmed(text)
    return span if len(span) else None
