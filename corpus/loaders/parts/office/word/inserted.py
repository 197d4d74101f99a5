"""Parts in other formats that Word shows within its text (`altChunk`)."""

from collections.abc import Callable
from typing import Any

from corpus.errors import FileProblem
from corpus.loaders.parts.text_writer import Writer
from corpus.text.decoding import decode

_NOT_READ = "有一段内容是以{kind}嵌入的，没有读入；请用Word打开，另存为.docx后再放入"
_WORD, _PAGES, _TEXTS = (".docx",), (".html", ".htm", ".xhtml"), (".txt",)
_ARCHIVES = (".mht", ".mhtml")


def insert(writer: Writer, relation: Any, read_word: Callable[[Writer, bytes], str]) -> str:
    """Write an inserted part; return what could not be read, empty if everything was."""
    if relation is None or relation.is_external:
        return _NOT_READ.format(kind="外部链接")
    part = relation.target_part
    name = str(part.partname).lower()
    try:
        if name.endswith(_WORD):
            return read_word(writer, part.blob)
        if name.endswith(_PAGES):
            from corpus.loaders import html

            return html.insert(writer, part.blob)
        if name.endswith(_ARCHIVES):
            from corpus.loaders.containers import mail

            return mail.insert(writer, part.blob)
        if name.endswith(_TEXTS):
            for line in decode(part.blob).split("\n"):
                writer.paragraph(line)
            return ""
    except FileProblem as problem:
        return f"嵌入的一段内容没有读入：{problem}"
    return _NOT_READ.format(kind=name.rpartition(".")[2].upper())
