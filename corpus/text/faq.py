"""Finds questions and answers in a document: 问：…答：…, questions as headings or numbered lines, table rows."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise, takewhile

from corpus.document import Document, QuestionAnswer, Span

_NUMERAL = r"(?:[一二三四五六七八九十\d]{1,3})"
_NUMBERED = (
    rf"(?:Q\s*{_NUMERAL}\s*[.、：:]?|{_NUMERAL}\s*[、.．)）]|[（(]{_NUMERAL}[）)]|第{_NUMERAL}[问题][、：:]?)\s*"
)
_ASKS = rf"(?:(?:问|问题|提问|咨询|来信|Q|{_NUMERAL}问|[甲乙丙丁]问)\s*{_NUMERAL}?\s*[：:])\s*"
_ANSWERS = re.compile(r"\s*(?:答|答复|回答|解答|回复|A|[甲乙丙丁]?答)\s*(?:[一二三四五六七八九十\d]{1,3})?\s*[：:]\s*")
_LABELLED = re.compile(rf"\s*(?:[-•]\s*)?(?:{_NUMBERED})?{_ASKS}")
_NUMBERED_QUESTION = re.compile(rf"\s*(?:[-•]\s*)?{_NUMBERED}(?=[^。！？?；\n]{{2,60}}[？?])")
_PLAIN_QUESTION = re.compile(r"\s*(?=[^。！？?；：:\n]{2,50}[？?]\s*$)")
_QUESTION_END = re.compile(r"[？?]+")
# Two patterns and not one, which would look for the answer anew from each question of a long line.
_ROW = re.compile(r"(?:^|[；;|])\s*(?:常见)?(?:问题|提问|问|咨询问题|问题描述|常见问题)[：:]\s*(?=[^\n])")
_ROW_ANSWER = re.compile(r"[；;]\s*(?:答案|答复|回答|解答|回复|答|问题解答|参考答案|答复内容)[：:]\s*[^\n]")
_COLUMNS = re.compile(
    r"(?:\|\s*)?(?:序号\s*\|\s*)?(?:常见)?(?:问题|提问|问)\s*\|\s*(?:答案|答复|回答|解答|回复|答)(?:\s*\|)?"
)
_LINE = re.compile(r"[^\n]+")
# With fewer questions of a kind, they are rhetorical.
_FEWEST = {"labelled": 1, "numbered": 2, "plain": 3}


def question_answers(document: Document) -> list[QuestionAnswer]:
    """Return the pairs of a document in order, without overlaps. The text below a heading answers its question."""
    text = document.text
    lines = [Span(*match.span()) for match in _LINE.finditer(text) if match[0].strip()]
    pairs = [*_rows(text, lines), *_headings(document), *_lines(document, lines)]
    kept: list[QuestionAnswer] = []
    for pair in sorted(pairs, key=lambda pair: pair.question.start):
        if not kept or pair.question.start >= kept[-1].answer.end:
            kept.append(pair)
    return kept


def _rows(text: str, lines: Sequence[Span]) -> Iterator[QuestionAnswer]:
    """Yield rows of a table with a column of questions and one of answers."""
    columns = False
    end = 0
    for line in lines:
        words = line.of(text)
        if "\n\n" in text[end : line.start]:
            columns = False
        end = line.end
        asked = _ROW.search(words)
        answered = _ROW_ANSWER.search(words, asked.end() + 1) if asked else None
        if asked and answered:
            yield _pair(text, line.start + asked.end(), line.start + answered.start(), line.end)
        elif _COLUMNS.fullmatch(words.strip()):
            columns = True
        elif columns and " | " in words:
            cells = words.split(" | ")
            place = line.start + sum(len(cell) + 3 for cell in cells[:-2]) if len(cells) > 2 else line.start
            yield _pair(text, place, place + len(cells[-2]), line.end, skip=3)


def _headings(document: Document) -> Iterator[QuestionAnswer]:
    """Yield headings that end with a question mark."""
    for number, heading in enumerate(document.headings):
        words = heading.span.of(document.text).strip()
        if not words.endswith(("？", "?")):
            continue
        following = document.headings[number + 1] if number + 1 < len(document.headings) else None
        if following and following.level > heading.level:
            continue  # text with headings of its own is more than an answer
        end = following.span.start if following else len(document.text)
        label = _LABELLED.match(words) or re.match(_NUMBERED, words)
        pair = _pair(document.text, heading.span.start + (label.end() if label else 0), heading.span.end, end)
        if len(pair.answer):
            yield pair


def _lines(document: Document, lines: Sequence[Span]) -> Iterator[QuestionAnswer]:
    """Yield lines that are or begin with a question, each answered by what follows it."""
    text = document.text
    opened = [(line, kind, start) for line in lines for kind, start in [_opens(text, line)] if kind]
    counts = {kind: sum(one[1] == kind for one in opened) for kind in _FEWEST}
    kinds = [kind for kind, fewest in _FEWEST.items() if counts[kind] >= fewest][:1]
    opened = [one for one in opened if one[1] in kinds]
    headings = sorted(heading.span.start for heading in document.headings)
    found: list[QuestionAnswer] = []
    for number, (line, kind, start) in enumerate(opened):
        ends = [opened[number + 1][0].start] if number + 1 < len(opened) else []
        beyond = bisect_right(headings, line.start)
        end = min([*ends, *headings[beyond : beyond + 1], len(text)])
        asked = _QUESTION_END.search(text, start, line.end)
        if not asked and kind == "labelled":  # 问：关于补贴的发放 / 答：……
            answer = re.compile(r"答[：:]").search(text, start, line.end)
            asked_end = answer.start() if answer else line.end
        else:
            assert asked is not None
            asked_end = asked.end()
        pair = _pair(text, start, asked_end, end)
        if len(pair.answer):
            found.append(pair)
    yield from _last_shortened(text, found)


def _opens(text: str, line: Span) -> tuple[str, int]:
    """Return the kind of question that a line opens with, and the offset of its words; empty kind if none."""
    words = line.of(text)
    if match := _LABELLED.match(words):
        return "labelled", line.start + match.end()
    if match := _NUMBERED_QUESTION.match(words):
        return "numbered", line.start + match.end()
    if match := _PLAIN_QUESTION.match(words):
        return "plain", line.start + match.end()
    return "", line.start


def _last_shortened(text: str, pairs: list[QuestionAnswer]) -> list[QuestionAnswer]:
    """Return the pairs with the last answer cut to the longest other one, because the document's end follows it."""
    if len(pairs) < 2:
        return pairs
    most = max(len(_LINE.findall(pair.answer.of(text))) for pair in pairs[:-1])
    last = pairs[-1]
    lines = [match for match in _LINE.finditer(text, last.answer.start, last.answer.end) if match[0].strip()]
    # Where blank lines stand between the pairs, the last answer reaches to the next one.
    if all("\n\n" in text[pair.answer.end : after.question.start] for pair, after in pairwise(pairs)):
        unbroken = takewhile(lambda two: "\n\n" not in text[two[0].end() : two[1].start()], pairwise(lines))
        most = max(most, 1 + len(list(unbroken)))
    kept = [match.end() for match in lines[:most]]
    return [*pairs[:-1], replace(last, answer=Span(last.answer.start, kept[-1]))]


def _pair(text: str, start: int, asked_end: int, end: int, *, skip: int = 0) -> QuestionAnswer:
    question = Span(start, asked_end).trimmed(text)
    begin = asked_end + skip
    if not skip and (
        label := re.compile(r"[；;]\s*(?:答案|答复|回答|解答|回复|答|问题解答|参考答案|答复内容)[：:]").match(
            text, begin
        )
    ):
        begin = label.end()
    if label := _ANSWERS.match(text, begin):
        begin = label.end()
    return QuestionAnswer(question, Span(begin, max(begin, end)).trimmed(text))
