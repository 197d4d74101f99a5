"""Sentence boundaries of Chinese (and English) text; the sentences tile the text."""

import re
from collections.abc import Iterator

# A run of end marks and the closing quotes after it. An ASCII full stop counts only before a space and outside of
# numbers and initials: 3.5 and "No.5" do not end.
_END = re.compile(
    r"""[。！？!?…]+[”’」』）】》〉)\]"']*      # 他说：“你好。”
      | (?<=[A-Za-z]{2})\.["')\]]*(?=\s)      # It works. So
      | ；(?=\s*\n)                            # an item of a list of clauses""",
    re.VERBOSE,
)
_LINE_BREAK = re.compile(r"[\r\n]\s*")
_SPACE = re.compile(r"\s*")
_TERMINAL = re.compile(r"[。！？!?…：:；;”’」』）)】》—]\s*$")
# Speech written down without marks is cut before words that open a sentence in speech.
_MARK = re.compile(r"[，,、；;：:。！？!?\s（）()《》“”]")
_OPENS = re.compile(
    r"首先|其次|再次|然后|接着|接下来|接下去|另外|此外|还有(?!没有)|最后|刚才|下面|至于|有的|有些|如果|因为|所以|但是|不过|而且|"
    r"我们|大家|各位|同志们|比如|例如|包括|需要注意|请问|那么|再一个|再就是"
)
_UNMARKED = 100  # characters without a mark that make such speech
_LEAST_SPOKEN = 12
# Characters. Shorter lines without an end mark are headings, captions, bylines, list items: each stands alone.
BODY_LINE = 40


def sentences(text: str) -> list[tuple[int, int]]:
    """Return the half-open ranges of the sentences of `text`; joined, they are the text again.

    White space after a sentence belongs to it. A line break ends a sentence too, unless the print layout cut the
    sentence there: a long line without an end mark, followed by a line that is not a heading.
    """
    ends = {match.end() for match in _END.finditer(text)}
    for match in _LINE_BREAK.finditer(text):
        if not _cut_by_layout(text, match.start(), match.end()):
            ends.add(match.end())
    ends |= set(_spoken(text))
    ranges: list[tuple[int, int]] = []
    start = 0
    for end in sorted(ends | {len(text)}):
        end = _SPACE.match(text, end).end()  # type: ignore[union-attr]  # matches anywhere, if only nothing
        if end > start and text[start:end].strip():
            ranges.append((start, end))
            start = end
    if start < len(text):  # only white space is left: it belongs to the last sentence, or is the only one
        ranges[-1:] = [(ranges[-1][0] if ranges else 0, len(text))]
    return ranges


def _spoken(text: str) -> Iterator[int]:
    """Yield where a long stretch without marks begins a new sentence, as speech does."""
    place = 0
    for mark in [*(match.start() for match in _MARK.finditer(text)), len(text)]:
        if mark - place >= _UNMARKED:
            last = place
            for match in _OPENS.finditer(text, place, mark):
                if match.start() - last >= _LEAST_SPOKEN and mark - match.start() >= _LEAST_SPOKEN:
                    last = match.start()
                    yield last
        place = mark + 1


def may_be_cut(line: str) -> bool:
    """Return whether the print layout may have cut a sentence at the end of a line: a long one without an end mark."""
    return len(line) >= BODY_LINE and not _TERMINAL.search(line)


def _cut_by_layout(text: str, start: int, end: int) -> bool:
    before = text[text.rfind("\n", 0, start) + 1 : start].rstrip()
    after_end = text.find("\n", end)
    after = text[end : after_end if after_end >= 0 else len(text)]
    if not may_be_cut(before):
        return False
    return len(after) >= BODY_LINE or bool(_TERMINAL.search(after))
