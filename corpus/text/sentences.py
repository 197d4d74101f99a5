"""Sentence boundaries of Chinese (and English) text; the sentences tile the text."""

import re

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


def _cut_by_layout(text: str, start: int, end: int) -> bool:
    before = text[text.rfind("\n", 0, start) + 1 : start].rstrip()
    after_end = text.find("\n", end)
    after = text[end : after_end if after_end >= 0 else len(text)]
    if len(before) < BODY_LINE or _TERMINAL.search(before):
        return False
    return len(after) >= BODY_LINE or bool(_TERMINAL.search(after))
