"""What is quoted around the words that were found: a sentence, a list with its opening sentence, an FAQ's whole answer.

The words themselves grow to whole dates and quantities, with what bounds them.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.document import Passage, QuestionAnswer, Span
from corpus.text.normalise import normalise
from index.search.terms import words
from qa.answering.answer_checks.answer_type import fits
from qa.answering.question.analysis import Question
from qa.answering.reader.base import Finding, finding
from qa.answering.reply import MAX_QUOTE

_OPENS = re.compile(r"[：:]$")
_ITEM = re.compile(r"^\s*(?:[-•·●▪]|\d{1,2}[.、)）]|[（(][一二三四五六七八九十\d]+[）)])\s*")

# Characters. A longer answer is quoted in part, because a citizen would not find the point in it.
LONGEST = 400
_FIGURE = re.compile(r"\d[\d,.]*\s*(%|[万亿]?[\u4e00-\u9fff])|[一二两三四五六七八九十百]+(个?[年月天日]|个工作日)")
_EXPLAINS = re.compile(r"怎么|怎样|如何|为什么|为何|哪些|什么条件|什么材料|区别|变化|步骤|流程|咋")

_DATE_OR_QUANTITY = re.compile(
    r"\d{4}年(?:\d{1,2}月(?:\d{1,2}日)?)?|\d{1,2}月\d{1,2}日|"
    r"\d[\d,.]*(?:余|多)?[万亿]?(?:人次|平方米|平方公里|元|吨|人|个|家|所|对|位|名|项|亩|年|%)?"
)
# Words that make a figure a bound or an estimate belong to it: 不超过30天 is not 30天.
_BOUND_BEFORE = re.compile(
    r"(?:超过?|大?约|将近|接近|近|不到|不足|不超过|不[高低多少]于|不满|未满|至少|最[多高低]|逾|满|[高低多少]于)$"
)
_BOUND_BEHIND = re.compile(
    r"^(?:余|多)?(?:个|元|人|天|日|年|岁|周岁|家|万|亿|吨|米|平方米)?(?:以上|以下|以内|之内|左右|上下|不等)|^[余多]"
)
_BEGINS_WITH_FIGURE = re.compile(r"[\d一二两三四五六七八九十百千万半]")
_FIGURES = r"(?:\d[\d,.]*|[零一二两三四五六七八九十百千]+)"
# What was and what is: 由十个工作日缩短为四个工作日, 从18元提高到20元.
_CHANGED = re.compile(
    rf"(?:[由从]原?来?的?)?(?P<was>{_FIGURES}[^\d，,；;。、由从]{{0,8}}?)"
    r"(?:缩短|压缩|压减|减少|降低|下降|下调|降|减|提高|提升|增加|增长|上调|延长|扩大|放宽|提|增|调整|修改|变更|更改|改|变|调)"
    rf"(?:为|到|至|成)(?P<now>(?!\d{{4}}年){_FIGURES}[^\d，,；;。、（）()\s]{{0,8}})"
)
_ASKS_FOR_PAST = re.compile(r"原来|原先|原定|以前|之前|从前|过去|先前|[改调]整?前")
_ASKS_FOR_CHANGE = re.compile(
    r"(?:19|20)\d\d|去年|上年|前年|原|以前|之前|从前|过去|先前|旧|老[标办政]|变|改|从|由|比|前后|了多少|了几|[提升增涨降减缩延]|\b(?:was|before|from|change)"
)
_TELEPHONE = re.compile(r"\d[\d-]{4,}\d")
_STATES = re.compile(r"[：:\d]|[。；;！]\s*$")
_OPEN = "□☐"
_BOX = re.compile(r"(?P<mark>[☑☒■□☐])[ \u3000]?[^☑☒■□☐；;。，,：\s]{1,20}")
# Options side by side: □自取 ☑邮寄.
_BOXES = re.compile(rf"{_BOX.pattern}(?:[ \u3000]{{0,4}}{_BOX.pattern.replace('?P<mark>', '')})+")
_WHICH_YEAR = re.compile(r"哪一?年|何年|(?:which|what) year", re.IGNORECASE)
_DATE = re.compile(r"(\d{4}年)\d{1,2}月(?:\d{1,2}日)?")


@dataclass(frozen=True, slots=True)
class Unit:
    """Words that are quoted together; `hit` is the index of their passage."""

    hit: int
    passage: Passage
    span: Span

    @property
    def text(self) -> str:
        return self.span.of(self.passage.document.text)


def units(passages: Sequence[Passage]) -> list[Unit]:
    """Return the units of passages in order: each sentence, and each list with the sentence that opens it.

    A unit holds at most `MAX_QUOTE` characters; a longer sentence is split at its semicolons and commas. The question
    of an FAQ is not a unit.
    """
    found = []
    for number, passage in enumerate(passages):
        first = answer_start(passage)
        for span in [*passage.sentences, *_lists(passage)]:
            if span.end > first:
                span = Span(max(first, span.start), span.end)
                found += [Unit(number, passage, part) for part in _within_limit(passage.document.text, span)]
    return found


def _lists(passage: Passage) -> list[Span]:
    """Return the lists of a passage: items behind a sentence that opens them, or by themselves.

    Without an opening sentence they are a list where each but the last ends with a semicolon.
    """
    text, sentences = passage.document.text, passage.sentences
    lists = []
    for number, opening in enumerate(sentences):
        words = opening.of(text)
        before = sentences[number - 1].of(text) if number else ""
        first = not _ITEM.match(before) and not _OPENS.search(before)
        begins = first and _ITEM.match(words) and words.rstrip().endswith(("；", ";"))
        if not (begins or _OPENS.search(words)):
            continue
        end = opening.end
        for sentence in sentences[number + 1 :]:
            goes_on = "\n" not in text[end : sentence.start] and end > opening.end  # an item of several sentences
            if not (goes_on or _ITEM.match(sentence.of(text))) or sentence.end - opening.start > MAX_QUOTE:
                break
            end = sentence.end
        if end > opening.end:
            lists.append(Span(opening.start, end))
    return lists


def _within_limit(text: str, span: Span) -> list[Span]:
    if len(span) <= MAX_QUOTE:
        return [span]
    parts: list[Span] = []
    start = span.start
    while span.end - start > MAX_QUOTE:
        end = start + MAX_QUOTE
        for mark in "；;，,、":
            if (place := text.rfind(mark, start + 1, end)) > start:
                end = place + 1
                break
        parts.append(Span(start, end))
        start = end
    return [*parts, Span(start, span.end)] if start < span.end else parts


def answer_start(passage: Passage) -> int:
    """Return the offset in the document from which the passage may answer: after the question of an FAQ."""
    return max(passage.span.start, passage.pair.answer.start) if passage.pair else passage.span.start


def whole_answer(passage: Passage, span: Span, question: Question) -> Finding | None:
    """Return the whole answer of the passage's FAQ; None if it has none or one longer than `LONGEST`."""
    pair = passage.pair
    if pair is None or not len(pair.answer) or len(pair.answer) > LONGEST:
        return None
    inside = span.lies_in(pair.answer)
    plain = "\n" not in span.of(passage.document.text)
    shown = inside and plain and not _misleads(passage.document.text, pair, span, question)
    return finding(passage, pair.answer, span if shown else None)


def _misleads(text: str, pair: QuestionAnswer, span: Span, question: Question) -> bool:
    """Return whether a part of the answer says less than was asked: to how or why, or one of several figures.

    It does not mislead a question that adds words of the FAQ's answer: that question chose the part.
    """
    asked, answer, short = pair.question.of(text), pair.answer.of(text), span.of(text)
    if fits(question.search, short) < 0 or _EXPLAINS.search(question.search):
        return True
    new = question.words - set(words(asked))
    copy = normalise(answer)
    if any(len(word) > 1 and word in copy for word in new):
        return False
    unit = _FIGURE.search(short)
    if unit is None:
        return False
    return len({match[0] for match in _FIGURE.finditer(answer) if _unit(match) == _unit(unit)}) > 1


def _unit(match: re.Match[str]) -> str:
    return match[1] or match[2] or ""


def units_around(passage: Passage, span: Span) -> tuple[Span, Span]:
    """Return the sentence around a span, and the longest unit that holds it: its list, or the same sentence.

    A span over several sentences returns all of them if they fit into `MAX_QUOTE`, else the first; one outside of all
    sentences returns itself.
    """
    found = [unit.span for unit in units([passage])]
    holding = [unit for unit in found if span.lies_in(unit)]
    if holding:
        return min(holding, key=len), max(holding, key=len)
    touched = [unit for unit in found if unit.start < span.end and unit.end > span.start] or [span]
    together = Span(min(unit.start for unit in touched), max(unit.end for unit in touched))
    chosen = together if len(together) <= MAX_QUOTE else touched[0]
    return chosen, chosen


def below_heading(passage: Passage, quote: Span) -> Span | None:
    """Return a heading with the sentence below it; None for a quotation that is no heading or states something.

    A heading with a colon or a figure may state what is asked for.
    """
    text = passage.document.text
    if _STATES.search(quote.of(text)) or not any(quote.lies_in(one.span) for one in passage.document.headings):
        return None
    below = next((one for one in passage.sentences if one.start >= quote.end), None)
    whole = Span(quote.start, below.end) if below else quote
    return whole if below and len(whole) <= MAX_QUOTE else None


def best_words(question: str, passage: Passage, begin: int, stop: int) -> Span:
    """Return the span of the words as they are shown; `begin` and `stop` count from the passage's start."""
    span = Span(passage.span.start + begin, passage.span.start + stop)
    span = _whole_figure(_trimmed(span, passage.document.text), passage)
    span = _with_bounds(span, passage)
    year = _DATE.fullmatch(span.of(passage.document.text)) if _WHICH_YEAR.search(question) else None
    return Span(span.start, span.start + year.end(1)) if year else span


def _trimmed(span: Span, text: str) -> Span:
    """Return the span without the marks that end a sentence or a clause."""
    end = span.end
    while end - 1 > span.start and text[end - 1] in "。，；,;！？ \n":
        end -= 1
    return Span(span.start, end)


def said(question: str, passage: Passage, span: Span) -> Span:
    """Return the part of the words found that a question asks for: one telephone of two, what is and not what was.

    Of boxes to tick it is what is ticked.
    """
    return _ticked(_what_is(_one_sentence(span, question, passage), question, passage), passage)


def _ticked(span: Span, passage: Passage) -> Span:
    """Return what is ticked of the boxes that a span stands in; the span where none is, or none is left open."""
    for boxes in _BOXES.finditer(passage.document.text, passage.span.start, passage.span.end):
        if boxes.start() < span.end and boxes.end() > span.start:
            marked = [box for box in _BOX.finditer(boxes[0]) if box["mark"] not in _OPEN]
            if marked and any(mark in boxes[0] for mark in _OPEN):
                return Span(boxes.start() + marked[0].start(), boxes.start() + marked[-1].end())
    return span


def _one_sentence(span: Span, question: str, passage: Passage) -> Span:
    """Return the first sentence of a span over several, if it is what a question asks for: one of two telephones."""
    found = span.of(passage.document.text)
    first, _, rest = found.partition("。")
    telephone = "电话" in question and _TELEPHONE.search(first)
    one = rest and "\n" not in found and (telephone or fits(question, first) > 0)
    return Span(span.start, span.start + len(first)) if one else span


def _what_is(span: Span, question: str, passage: Passage) -> Span:
    """Return the later figure of a span over what was and what is; the earlier one for a question of what was.

    A question for the change itself gets both.
    """
    past = _ASKS_FOR_PAST.search(question)
    if _ASKS_FOR_CHANGE.search(_ASKS_FOR_PAST.sub("", question)):
        return span
    for match in _CHANGED.finditer(passage.document.text, passage.span.start, passage.span.end):
        if match.start() <= span.start <= match.start("was") < match.end("was") <= span.end:
            now = match.start("now")
            then = Span(now, span.end if now < span.end <= match.end() else match.end())
            return Span(match.start("was"), match.end("was")) if past else then
    return span


def _whole_figure(span: Span, passage: Passage) -> Span:
    """Extend the span over the whole date or quantity that it touches: the year of a full date."""
    start, end = span.start, span.end
    for match in _DATE_OR_QUANTITY.finditer(passage.document.text, passage.span.start, passage.span.end):
        if match.start() < end and match.end() > start:
            start, end = min(start, match.start()), max(end, match.end())
    return Span(start, end)


def _with_bounds(span: Span, passage: Passage) -> Span:
    """Extend the span over words that bound its figure: 超过 before it, 以上 after it."""
    text, start, end = passage.document.text, span.start, span.end
    if _BEGINS_WITH_FIGURE.match(text[start:end]) and (
        before := _BOUND_BEFORE.search(text[max(passage.span.start, start - 3) : start])
    ):
        start -= len(before.group())
    if any(char.isdigit() for char in text[start:end]) and (
        behind := _BOUND_BEHIND.match(text[end : min(passage.span.end, end + 5)])
    ):
        end += behind.end()
    return Span(start, end)
