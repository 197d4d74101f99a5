"""Decides which documents cannot be quoted."""

from corpus.document import Document
from corpus.errors import Quarantined
from corpus.limits import Limits
from corpus.text.garbled import garbled

# In a document below so many characters, a loss looks like an edit.
_TOO_SHORT_TO_LOSE = 200


def check(document: Document, limits: Limits) -> None:
    """Raise `Quarantined` if the document has no text, too much text, or garbled text."""
    if not document.text.strip():
        raise Quarantined("没有文字；如果是扫描件或空文件，请换成有文字的文件")
    if len(document.text) > limits.characters:
        raise Quarantined(f"文字超过{limits.characters / 10_000:g}万字；请拆分后再放入")
    if why := garbled(document.text):
        raise Quarantined(f"文字像是乱码（{why}）；请用原来的软件打开核对，另存后再放入")


def check_against(before: Document | None, now: Document, limits: Limits) -> None:
    """Raise `Quarantined` if most of the text or pages that the file had before are gone."""
    if before is None:
        return
    characters, pages = (len(before.text), len(now.text)), (len(before.pages), len(now.pages))
    for unit, (was, still), least in (("字", characters, _TOO_SHORT_TO_LOSE), ("页", pages, 1)):
        if was > least and still < was * limits.kept_share:
            what = f"从{was}{unit}变成{still}{unit}，可能没有保存完整"
            raise Quarantined(f"比上一版少了很多：{what}；如果确实删减了，请改一个文件名再放入")
