"""OFD files (GB/T 33190) as export filters of office programs write them: text objects with places in millimetres."""

from collections.abc import Sequence
from xml.sax.saxutils import escape

from tests.support.files.office_files import ROW, SECTIONS, TABLE, TITLE, zip_file

_NS = 'xmlns:ofd="http://www.ofdspec.org/2016"'
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>'
_BODY, _LARGE = 4.2, 7.8  # sizes of type


def text_object(text: str, left: float, base: float, *, size: float = _BODY, more: str = "") -> str:
    """A line of text, its steps as widths of characters."""
    steps = " ".join(f"{size if character >= chr(0x2E80) else size / 2:g}" for character in text[:-1])
    steps = f' DeltaX="{steps}"' if steps else ""
    return (
        f'<ofd:TextObject ID="1" Boundary="{left:g} {base - size:g} 160 {size * 1.2:g}" Font="1" Size="{size:g}"{more}>'
        f'<ofd:TextCode X="0" Y="{size:g}"{steps}>{escape(text)}</ofd:TextCode></ofd:TextObject>'
    )


def ofd_file(
    pages: Sequence[Sequence[str]] | None = None, *, template: str = "", more: dict[str, bytes] | None = None
) -> bytes:
    """A file of pages of text objects; the report of `office_files` unless others are given."""
    pages = [report_objects()] if pages is None else pages
    used = '<ofd:Template TemplateID="9" ZOrder="Background"/>' if template else ""
    listed = "".join(f'<ofd:Page ID="{n}" BaseLoc="Pages/Page_{n}/Content.xml"/>' for n in range(len(pages)))
    known = '<ofd:TemplatePage ID="9" BaseLoc="Tpls/Tpl_0/Content.xml"/>' if template else ""
    box = "<ofd:PageArea><ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox></ofd:PageArea>"
    parts = {
        "OFD.xml": f'{_HEAD}<ofd:OFD {_NS} Version="1.0"><ofd:DocBody><ofd:DocInfo/>'
        "<ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
        "Doc_0/Document.xml": f"{_HEAD}<ofd:Document {_NS}><ofd:CommonData>{box}{known}</ofd:CommonData>"
        f"<ofd:Pages>{listed}</ofd:Pages></ofd:Document>",
    }
    for number, objects in enumerate(pages):
        parts[f"Doc_0/Pages/Page_{number}/Content.xml"] = _page(used, objects)
    if template:
        parts["Doc_0/Tpls/Tpl_0/Content.xml"] = _page("", [template])
    return zip_file({name: text.encode() for name, text in parts.items()} | (more or {}))


def report_objects() -> list[str]:
    """The report on one page: title, headings, paragraphs broken at 36 characters, and a table."""
    objects, base = [text_object(TITLE, 60, 30, size=_LARGE)], 45.0
    for heading, paragraphs in SECTIONS:
        objects.append(text_object(heading, 20, base, size=5.6))
        base += 8
        for paragraph in paragraphs:
            for at in range(0, len(paragraph), 36):
                objects.append(text_object(paragraph[at : at + 36], 20, base))
                base += 7
    for row in TABLE:
        objects += [text_object(cell, 20 + 55 * column, base) for column, cell in enumerate(row)]
        base += 7
    return objects


def _page(used: str, objects: Sequence[str]) -> str:
    content = f'<ofd:Content><ofd:Layer ID="2" Type="Body">{"".join(objects)}</ofd:Layer></ofd:Content>'
    return f"{_HEAD}<ofd:Page {_NS}>{used}{content}</ofd:Page>"


__all__ = ["ROW", "ofd_file", "report_objects", "text_object"]
