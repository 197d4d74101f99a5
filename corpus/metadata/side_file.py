"""Metadata that staff write about a document, in its front matter or in a side file `NAME.meta.yaml`."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from corpus.document import Document
from corpus.errors import Quarantined
from corpus.metadata.dates import read_day
from corpus.text.decoding import decode
from corpus.validity import CURRENT, DAYS, DRAFT, REPEALED

# Keys for each field; the documentation uses the first.
FIELDS: Mapping[str, tuple[str, ...]] = {
    "title": ("title", "标题"),
    "topic": ("topic", "主题"),
    "source": ("source", "来源"),
    "issuer": ("issuer", "发文机关"),
    "number": ("number", "文号"),
    "date": ("date", "日期"),
    "in_force_from": ("in_force_from", "生效日期"),
    "in_force_until": ("in_force_until", "失效日期"),
    "superseded_by": ("superseded_by", "替代文件"),
    "standing": ("standing", "时效"),
    "url": ("url", "网址"),
    "contact": ("contact", "联系部门"),
}
_OF_THE_DOCUMENT = ("title", "topic", "source")
STANDINGS = (CURRENT, REPEALED, DRAFT)
_NAMES = {word: field for field, words in FIELDS.items() for word in words}
_SHOWN = 60  # characters of a misunderstood value that are shown
_LINE = re.compile(r"^(\w+)[ \t]*[:：][ \t]*(.+)$", re.MULTILINE)
_BLANK = re.compile(r"\s*|\s*#.*|-{3}\s*|\w+[ \t]*[:：]\s*")


def parse(text: str) -> dict[str, str]:
    """Return the `key: value` lines. This is not YAML, so that a colon or date of a clerk cannot stop the reading."""
    return {key: _one_line(value) for key, value in _LINE.findall(text)}


def apply(document: Document, values: Mapping[str, str]) -> Document:
    """Return the document with what staff wrote about it; unknown keys are ignored.

    Raises `Quarantined` for an invalid date or standing: if it were ignored, the document would be quoted as current.
    """
    known = {_NAMES[key]: value for key, value in values.items() if key in _NAMES and value}
    own: dict[str, Any] = {name: value for name, value in known.items() if name in _OF_THE_DOCUMENT}
    about: dict[str, Any] = {name: value for name, value in known.items() if name not in _OF_THE_DOCUMENT}
    for name in DAYS:
        if name in about:
            written = about[name]
            about[name] = read_day(written)
            if about[name] is None:
                raise Quarantined(f"{FIELDS[name][1]}“{written}”不是日期；请写成2024-12-31这样")
    if about.get("standing") not in (None, *STANDINGS):
        raise Quarantined(f"时效“{about['standing']}”看不懂；可以写{'、'.join(STANDINGS)}")
    try:
        return replace(document, **own, about=replace(document.about, **about))
    except ValueError as error:
        raise Quarantined("生效日期晚于失效日期；请改正后再放入") from error


def apply_side_file(document: Document, content: bytes) -> Document:
    """Return the document with its side file's values, which precede its front matter's. Raises `Quarantined`."""
    text = decode(content)
    values = parse(text)
    document = apply(document, values)
    remarks = [document.remark]
    if unknown := [key for key in values if key not in _NAMES]:
        names = "、".join(name for _, name in FIELDS.values())
        remarks.append(f"说明文件里有不认识的项目：{'、'.join(unknown)}；可以用的有{names}")
    if unread := [line for line in text.splitlines() if not (_LINE.fullmatch(line) or _BLANK.fullmatch(line))]:
        remarks.append(f"说明文件里有看不懂的行：{'、'.join(unread)[:_SHOWN]}；每行请写成“项目: 内容”")
    return replace(document, remark="；".join(filter(None, remarks)))


def _one_line(value: str) -> str:
    return " ".join(value.strip().strip("\"'").split())
