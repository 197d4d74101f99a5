"""Lines or clauses that tell the same of several, as rows of a table: 岗位甲每月4100元，岗位乙每月4350元."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import groupby, islice
from os.path import commonprefix

from corpus.document import Document, Span
from qa.answering.forms.computing.statements import cells_of
from qa.answering.forms.figures import Figure, facts
from qa.answering.forms.tables.reading import MOST_LINES, Cell, Row

_FEWEST = 3
_LONGEST = 20  # characters of a name
_CLAUSE = re.compile(r"(?:[^，；;、。：:,]|,(?=\d{3}(?!\d))|(?<=\d):(?=\d))+")
_LIST_OF = re.compile(r"按(?:照)?([\u4e00-\u9fff]{1,6}?)(?:来)?(?:划分|统计|分|看)[，,：:]?$")
_HEAD = re.compile(
    r"[-*•·\s]*(?:[(（]?[一二三四五六七八九十\d]{1,2}[)）.．、]\s*)?(?P<name>[^，,：:；;。（(\s]{2,20})[^，,：:；;。]{0,20}[：:，,]"
)
_REST = re.compile(r"其[他它余]|合计|总计|共计?$|小计")
_NUMERAL = re.compile("[\\d０-９〇零一二两三四五六七八九十百千万亿半]")
_LEADING = re.compile("^(?:其中|另外?|分别|每人|且|并|均?为)")


@lru_cache(maxsize=64)
def parallel_rows(document: Document) -> tuple[tuple[Row, ...], ...]:
    """Return what stands in parallel lines or clauses of a document, each as a row of a name and figures.

    The first column is called by what a sentence says that it parts by: 原因 of 按原因分.
    """
    lines = [Span(*match.span()) for match in islice(re.finditer(r"[^\n]+", document.text), MOST_LINES)]
    prose = [line for line in lines if not cells_of(line.of(document.text)) and " | " not in line.of(document.text)]
    return (*_in_lines(document.text, lines, prose), *_in_clauses(document.text, prose))


def _in_lines(text: str, lines: Sequence[Span], prose: Sequence[Span]) -> Iterator[tuple[Row, ...]]:
    """Yield the lines one below the other that begin with a name and hold figures of which one is called alike."""
    rows = [_row_of(text, line) if line in prose else None for line in lines]
    for told, group in groupby(rows, bool):
        run: list[Row] = []
        for row in (*group, None) if told else ():
            if row and run and not _columns(row) & _columns(run[0]):
                row = None if len(run) < _FEWEST else row
            if row and (not run or _columns(row) & _columns(run[0])):
                run.append(row)
                continue
            if len(run) >= _FEWEST:
                yield tuple(run)
            run = [row] if row else []


def _columns(row: Row) -> set[str]:
    return {cell.column for cell in row.cells[1:]}


def _row_of(text: str, line: Span) -> Row | None:
    head = _HEAD.match(text, line.start, line.end)
    if not head:
        return None
    cells = [Cell("", head["name"], Span(*head.span("name")))]
    for match in _CLAUSE.finditer(text, head.end(), line.end):
        label, figure, at = _told(text, match.start(), match.end())
        if figure and len(label) > 1 and label not in [cell.column for cell in cells]:
            cells.append(Cell(label, text[at.start : at.end], at))
    return Row(line, tuple(cells)) if len(cells) > 1 else None


def _told(text: str, start: int, end: int) -> tuple[str, Figure | None, Span]:
    """Return the words before the one figure that ends a clause, the figure, and where it stands."""
    words = text[start:end]
    read = facts(words)
    figures = [figure for figure in read.figures if not figure.ordinal]
    alone = figures[0] if len(figures) == 1 and len(read.copy) == len(words) else None
    if not alone or alone.bound or not alone.unit or read.copy[alone.end :].strip():
        return "", None, Span(start, end)
    label = _LEADING.sub("", words[: alone.start].strip())
    return label, alone, Span(start + alone.start, start + alone.end)


def _in_clauses(text: str, prose: Sequence[Span]) -> Iterator[tuple[Row, ...]]:
    """Yield the clauses one behind the other that end with a figure of one unit, in the sentence of each."""
    for line in prose:
        for sentence in re.finditer(r"[^。！？!?]+[。！？!?]?", line.of(text)):
            span = Span(line.start + sentence.start(), line.start + sentence.end())
            clauses = list(_CLAUSE.finditer(text, span.start, span.end))
            if sum(bool(_NUMERAL.search(match.group())) for match in clauses) < _FEWEST:
                continue  # most sentences, and figures are slow to read
            told = [_told(text, match.start(), match.end()) for match in clauses]
            units = [figure.unit if figure and 1 < len(label) <= _LONGEST else "" for label, figure, _ in told]
            for unit, group in groupby(range(len(told)), key=lambda place, units=units: units[place]):  # type: ignore[misc]
                places = _of_one_level(list(group), clauses)
                if not unit or len(places) < _FEWEST:
                    continue
                before = text[span.start : clauses[places[0]].start()]
                yield _listed(text, span, [told[place] for place in places], before)


def _of_one_level(places: Sequence[int], clauses: Sequence[re.Match[str]]) -> list[int]:
    """Return the clauses without those before a 其中, which tell the whole of what follows: 车5辆，其中北站2辆."""
    parts = [number for number, place in enumerate(places) if number and clauses[place].group().startswith("其中")]
    return list(places[parts[-1] :] if parts else places)


def _listed(text: str, span: Span, told: Sequence[tuple[str, Figure | None, Span]], before: str) -> tuple[Row, ...]:
    labels = [label for label, _, _ in told]
    kind = _LIST_OF.search(before)
    called = commonprefix([label[::-1] for label in labels])[::-1]
    called = called if all(len(label) > len(called) for label in labels) and not (kind and called in kind[1]) else ""
    rows = []
    for label, figure, at in told:
        name = label[: len(label) - len(called)]
        start = text.rindex(label, span.start, at.start)
        cells = (
            Cell(kind[1] if kind else "", name, Span(start, start + len(name))),
            Cell(called or (figure.unit if figure else ""), at.of(text), at),
        )
        rows.append(Row(span, cells))
    return tuple(row for row in rows if not _REST.match(row.cells[0].text))
