"""Finds questions and answers in a document: 问：…答：…, questions as headings or numbered lines, table rows."""

import re
from bisect import bisect_right
from collections.abc import Container, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise, takewhile

from corpus.document import Document, QuestionAnswer, Span, Table

_NUMERAL = r"(?:[一二三四五六七八九十\d]{1,3})"
_NUMBERED = (
    rf"(?:Q\s*{_NUMERAL}\s*[.、：:]?|{_NUMERAL}\s*[、.．)）]|[（(]{_NUMERAL}[）)]|第{_NUMERAL}[问题][、：:]?)\s*"
)
_ASKS = (
    rf"(?:(?:问|问题|提问|咨询|来信|Q|{_NUMERAL}问|[甲乙丙丁]问)\s*{_NUMERAL}?\s*[：:]|"
    r"[【\[〔](?:问|问题|提问|咨询)[】\]〕][：:]?)\s*"
)
_ANSWER = r"(?:答|答复|回答|解答|回复)"
_ANSWERS = re.compile(
    rf"\s*(?:(?:{_ANSWER}|A|[甲乙丙丁]答)\s*(?:[一二三四五六七八九十\d]{{1,3}})?\s*[：:]|[【\[〔]{_ANSWER}[】\]〕][：:]?)\s*"
)
_ANSWERS_WITHIN = re.compile(rf"答[：:]|[【\[〔]{_ANSWER}[】\]〕]")
_LABELLED = re.compile(rf"\s*(?:[-•]\s*)?(?:{_NUMBERED})?{_ASKS}")
_NUMBERED_QUESTION = re.compile(rf"\s*(?:[-•]\s*)?{_NUMBERED}(?=[^。！？?；\n]{{2,60}}[？?])")
_PLAIN_QUESTION = re.compile(r"\s*(?=[^。！？?；：:\n]{2,50}[？?]\s*$)")
# Who asks and who answers in a record of a call, an interview or a letter box.
_ASKER = (
    r"(?:市民|网民|网友|群众|居民|村民|来电人|来访人|来信人|咨询人|咨询者|投诉人|乘客|读者|听众|家长|记者|主持人)"
    r"(?:[甲乙丙丁A-Z\d]|[\u4e00-\u9fff]{1,3}(?:先生|女士|同学)|[（(][^（）()\n]{1,12}[)）])?"
)
_SPOKEN_QUESTION = re.compile(rf"\s*(?:[-•]\s*)?{_ASKER}\s*[：:]\s*(?=[^\n]*[？?])")
_SPEAKS = re.compile(r"\s*(?:[-•]\s*)?[\u4e00-\u9fffA-Z\d·（()）]{2,14}\s*[：:]\s*")
_QUESTION_END = re.compile(r"[？?]+")
# The names of two columns: 咨询内容 and 答复内容, 群众提问 and 部门回复, 群众问 and 我们答.
_OF_QUESTIONS = (
    r"(?:(?:常见|热点|热门|高频|典型|咨询|群众|网民|网友|市民|居民|企业|读者|患者|家长|业主)?"
    r"(?:问题|提问|咨询|疑问|留言|来信|问)(?:内容|描述|标题|事项)?)"
)
_SPEAKER = r"(?:我们|[我本](?:[局办委院站所校馆行]|中心|单位|部门)|部门|单位|民警|交警|专家|律师|医生|老师|窗口)"
_OF_ANSWERS = rf"(?:(?:标准|参考|官方|统一|问题|{_SPEAKER})?(?:答案|答复|回答|解答|回复|答)(?:内容|意见|口径|要点)?)"
# Two patterns and not one, which would look for the answer anew from each question of a long line.
_ROW = re.compile(rf"(?:^|[；;|])\s*{_OF_QUESTIONS}[：:]\s*(?=[^\n])")
_ROW_ANSWER = re.compile(rf"[；;]\s*{_OF_ANSWERS}[：:]\s*[^\n]")
_ROW_LABEL = re.compile(rf"[；;]\s*{_OF_ANSWERS}[：:]")
_NEXT_COLUMN = re.compile(r"[；;]\s*([^；;：:。\s]{1,10})[：:]")
_UNNAMED_ROW = re.compile(r"(?:[^；？?\n]{1,6}；)?(?P<asked>[^；。？?\n]{2,80}[？?]+)[：；]\s*(?P<answer>[^\n]+)")
_COLUMNS = re.compile(rf"(?:\|\s*)?(?:序号\s*\|\s*)?{_OF_QUESTIONS}\s*\|\s*{_OF_ANSWERS}(?:\s*\|)?")
# Words that ask without a question mark, as headings do: 如何申请, 社保卡是否收费, 办理条件是什么.
_ASKING = re.compile(
    r"^(?:如何|怎样|怎么|为什么|为何|什么是|什么叫|哪些|哪里|哪个|谁|多久|多长时间|何时|是否|能否|可否)|是否|能否|可否|"
    r"(?:[吗呢]|怎么办|有哪些|是什么|为什么|多少钱?|多久|在哪里?|是谁)$|(?:如何|怎样|怎么|哪些|哪里)[\u4e00-\u9fff]{1,12}$"
)
_FEWEST_ASKING = 2  # headings of a level without question marks, and half of all of its headings
_ASKING_SHARE = 0.8  # of the words of a column, or of the rows of a table
_LINE = re.compile(r"[^\n]+")
# With fewer questions of a kind, they are rhetorical.
_FEWEST = {"labelled": 1, "spoken": 2, "numbered": 2, "plain": 3}


def question_answers(document: Document) -> list[QuestionAnswer]:
    """Return the pairs of a document in order, without overlaps. The text below a heading answers its question."""
    text = document.text
    lines = [Span(*match.span()) for match in _LINE.finditer(text) if match[0].strip()]
    pairs = [*_tables(document), *_rows(text, lines), *_headings(document), *_lines(document, lines)]
    kept: list[QuestionAnswer] = []
    for pair in sorted(pairs, key=lambda pair: pair.question.start):
        if not kept or pair.question.start >= kept[-1].answer.end:
            kept.append(pair)
    return kept


def _tables(document: Document) -> Iterator[QuestionAnswer]:
    """Yield the rows of tables with a column of questions and, right of it, one of answers."""
    for table in document.tables:
        if not any(table.columns):
            yield from _without_names(document.text, table)
            continue
        names = ["".join(name.split()) for name in table.columns]
        asked = next((n for n, name in enumerate(names) if re.fullmatch(_OF_QUESTIONS, name)), len(names))
        answered = next((n for n, name in enumerate(names) if n > asked and re.fullmatch(_OF_ANSWERS, name)), None)
        if answered is None:
            asked, answered = _told_by_marks(document.text, table)
        for row in table.rows if answered else ():
            question, answer = row[asked], row[answered] if answered and answered < len(row) else None
            if question and answer and answer.start >= question.end:
                full_stop = document.text.startswith("。", answer.end)
                yield QuestionAnswer(question, Span(answer.start, answer.end + full_stop))


def _told_by_marks(text: str, table: Table) -> tuple[int, int | None]:
    """Return the columns of questions and of answers, if nearly all words of one end with a question mark."""
    width = len(table.columns)
    columns = [[row[at] for row in table.rows if at < len(row) and row[at]] for at in range(width)]
    for asked, cells in enumerate(columns[:-1]):
        marks = sum(span is not None and span.of(text).rstrip().endswith(("？", "?")) for span in cells)
        if marks >= _FEWEST["plain"] and marks >= _ASKING_SHARE * len(cells):
            sizes = [sum(len(span) for span in cells if span) for cells in columns[asked + 1 :]]
            return asked, asked + 1 + sizes.index(max(sizes))
    return 0, None


def _without_names(text: str, table: Table) -> Iterator[QuestionAnswer]:
    """Yield the rows of a table whose columns have no names, if nearly all begin with a question."""
    lines = list(_LINE.finditer(text, table.span.start, table.span.end))
    found = [match for line in lines if (match := _UNNAMED_ROW.fullmatch(text, *line.span()))]
    if len(found) >= _FEWEST["plain"] and len(found) >= _ASKING_SHARE * (len(lines) - 1):  # but the title
        yield from (QuestionAnswer(Span(*match.span("asked")), Span(*match.span("answer"))) for match in found)


def _rows(text: str, lines: Sequence[Span]) -> list[QuestionAnswer]:
    """Return rows of a table with a column of questions and one of answers, without the columns behind them."""
    found: list[QuestionAnswer] = []
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
            found.append(_pair(text, line.start + asked.end(), line.start + answered.start(), line.end))
        elif _COLUMNS.fullmatch(words.strip()):
            columns = True
        elif columns and " | " in words:
            cells = words.split(" | ")
            place = line.start + sum(len(cell) + 3 for cell in cells[:-2]) if len(cells) > 2 else line.start
            found.append(_pair(text, place, place + len(cells[-2]), line.end, skip=3))
    behind = [set(_NEXT_COLUMN.findall(pair.answer.of(text))) for pair in found]
    others = set.intersection(*behind) if len(behind) > 1 else set()
    return [_without_columns(text, pair, others) for pair in found]


def _without_columns(text: str, pair: QuestionAnswer, others: Container[str]) -> QuestionAnswer:
    """Return a pair whose answer ends before the first column that every row has behind it."""
    labels = _NEXT_COLUMN.finditer(text, pair.answer.start, pair.answer.end)
    end = next((label.start() for label in labels if label[1] in others), pair.answer.end)
    return replace(pair, answer=Span(pair.answer.start, end))


def _headings(document: Document) -> Iterator[QuestionAnswer]:
    """Yield headings that ask: with a question mark, or among others of their level that ask without one."""
    text = document.text
    asking = _asking(document)
    for number, heading in enumerate(document.headings):
        words = heading.span.of(text).strip()
        if not words.endswith(("？", "?")) and number not in asking:
            continue
        following = document.headings[number + 1] if number + 1 < len(document.headings) else None
        if following and following.level > heading.level:
            continue  # text with headings of its own is more than an answer
        end = following.span.start if following else len(text)
        label = _LABELLED.match(words) or re.match(_NUMBERED, words)
        pair = _pair(text, heading.span.start + (label.end() if label else 0), heading.span.end, end)
        if len(pair.answer):
            yield pair


def _asking(document: Document) -> set[int]:
    """Return which headings ask without a question mark."""
    words = [heading.span.of(document.text).strip() for heading in document.headings]
    levels: dict[int, list[int]] = {}
    for number, heading in enumerate(document.headings):
        levels.setdefault(heading.level, []).append(number)
    found: set[int] = set()
    for numbers in levels.values():
        asks = [number for number in numbers if _ASKING.search(words[number].rstrip("？?"))]
        if len(asks) >= max(_FEWEST_ASKING, len(numbers) / 2):
            found.update(asks)
    return found


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
            answer = _ANSWERS_WITHIN.search(text, start, line.end)
            asked_end = answer.start() if answer else line.end
            within = document.table(line.start) is not None  # 问题：路灯不亮
            asks = answer or _ANSWERS.match(text, line.end) or _ASKING.search(text[start:asked_end].rstrip("。 "))
            if within and not asks:
                continue
        else:
            assert asked is not None
            asked_end = asked.end()
        if kind == "spoken":  # to the end of what is said: 多久办好？我急用。
            asked_end = line.end
            speaker = _SPEAKS.match(text, asked_end)
            if not speaker or speaker.end() >= end:
                continue  # nobody answers
            pair = _pair(text, start, asked_end, end, skip=speaker.end() - asked_end)
        else:
            pair = _pair(text, start, asked_end, end)
        if len(pair.answer):
            found.append(pair)
    yield from _last_shortened(text, found)


def _opens(text: str, line: Span) -> tuple[str, int]:
    """Return the kind of question that a line opens with, and the offset of its words; empty kind if none."""
    words = line.of(text)
    if match := _LABELLED.match(words):
        return "labelled", line.start + match.end()
    if match := _SPOKEN_QUESTION.match(words):
        return "spoken", line.start + match.end()
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
    if not skip and (label := _ROW_LABEL.match(text, begin)):
        begin = label.end()
    if label := _ANSWERS.match(text, begin):
        begin = label.end()
    return QuestionAnswer(question, Span(begin, max(begin, end)).trimmed(text))
