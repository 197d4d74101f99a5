"""Files as offices have them, made by the libraries that make them: the same report in every format."""

import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pptx
from PIL import Image, ImageDraw, ImageFont
from pptx.util import Cm
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

FONT = Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc")
TITLE = "浙涪合作年度报告"
SECTIONS: Sequence[tuple[str, Sequence[str]]] = (
    (
        "教育合作",
        (
            "2020年以来，两地学校结成13对帮扶对子，浙江先后派出教师37名到涪陵支教，涪陵也选派骨干教师到浙江跟岗学习。",
            "友谊学校的实验室由浙江援建，建筑面积3200平方米，于2021年9月投入使用。",
        ),
    ),
    (
        "产业合作",
        (
            "截至2021年底，到位资金30.964亿元，其中制造业占62.5%，主要集中在白涛和临港两个园区。",
            "涪陵浙江商会有会员企业237家。",
        ),
    ),
)
TABLE = (("项目", "投资（亿元）", "竣工年份"), ("华峰产业园", "309.6", "2019"), ("友谊学校", "0.5", "2021"))
ROW = "项目：华峰产业园；投资：309.6亿元；竣工年份：2019。"
SENTENCES = tuple(sentence for _, paragraphs in SECTIONS for sentence in paragraphs)


def docx_file(change: Callable[[Any], None] = lambda document: None) -> bytes:
    document = docx.Document()
    document.add_heading(TITLE, 0)
    for heading, paragraphs in SECTIONS:
        document.add_heading(heading, 1)
        for paragraph in paragraphs:
            document.add_paragraph(paragraph)
    table = document.add_table(rows=0, cols=3)
    for row in TABLE:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    change(document)
    return _saved(document.save)


def pptx_file(change: Callable[[Any], None] = lambda presentation: None) -> bytes:
    presentation = pptx.Presentation()
    cover = presentation.slides.add_slide(presentation.slide_layouts[0])
    cover.shapes.title.text, cover.placeholders[1].text = TITLE, "涪陵区合作办"
    for heading, paragraphs in SECTIONS:
        slide = presentation.slides.add_slide(presentation.slide_layouts[1])
        slide.shapes.title.text = heading
        slide.placeholders[1].text = "\n".join(paragraphs)
        slide.notes_slide.notes_text_frame.text = "讲稿：不对外。"
    slide = presentation.slides.add_slide(presentation.slide_layouts[5])
    slide.shapes.title.text = "项目"
    table = slide.shapes.add_table(3, 3, Cm(2), Cm(5), Cm(20), Cm(5)).table
    for number, row in enumerate(TABLE):
        for column, text in enumerate(row):
            table.cell(number, column).text = text
    change(presentation)
    return _saved(presentation.save)


def xlsx_file(change: Callable[[Any], None] = lambda workbook: None) -> bytes:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet.title = "投资"
    sheet.append(TABLE[0])
    for name, money, year in TABLE[1:]:
        sheet.append((name, float(money), int(year)))
    facts = workbook.create_sheet("情况")
    for heading, paragraphs in SECTIONS:
        for paragraph in paragraphs:
            facts.append((heading, paragraph))
    change(workbook)
    return _saved(workbook.save)


def csv_file(encoding: str = "gb18030") -> bytes:
    return "\r\n".join(",".join(row) for row in TABLE).encode(encoding)


def html_file(extra: str = "", *, encoding: str = "utf-8") -> bytes:
    body = "".join(f"<h2>{heading}</h2>" + "".join(f"<p>{p}</p>" for p in ps) for heading, ps in SECTIONS)
    rows = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in TABLE)
    page = f"<h1>{TITLE}</h1>{body}<table>{rows}</table>{extra}"
    head = f"<meta charset={encoding}><title>{TITLE}-官网</title><style>p {{}}</style><script>var a = '脚本';</script>"
    return f"<!DOCTYPE html><html><head>{head}</head><body><nav>首页</nav>{page}</body></html>".encode(encoding)


def epub_file(parts: Mapping[str, str] | None = None) -> bytes:
    chapters = {
        f"{number}.xhtml": f"<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'><head><title>t</title>"
        f"</head><body><h1>{heading}</h1>{''.join(f'<p>{p}</p>' for p in paragraphs)}</body></html>"
        for number, (heading, paragraphs) in enumerate(SECTIONS)
    }
    items = "".join(f'<item id="c{n}" href="{n}" media-type="application/xhtml+xml"/>' for n in chapters)
    spine = "".join(f'<itemref idref="c{n}"/>' for n in chapters)
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf"><metadata xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:title>{TITLE}</dc:title></metadata><manifest>{items}</manifest><spine>{spine}</spine></package>"
    )
    container = (
        '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
        '<rootfile full-path="OEBPS/content.opf"/></rootfiles></container>'
    )
    files = {"mimetype": "application/epub+zip", "META-INF/container.xml": container, "OEBPS/content.opf": package}
    return zip_file({**files, **{f"OEBPS/{name}": text for name, text in chapters.items()}, **(parts or {})})


def pdf_file(*, pages: int = 1, compressed: bool = True, password: str = "") -> bytes:
    """A report as an office prints it: title, headings, lines broken by the layout, a header and a page number."""
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    buffer = io.BytesIO()
    encryption = {"encrypt": password} if password else {}
    canvas = Canvas(buffer, pagesize=A4, pageCompression=int(compressed), invariant=1, **encryption)
    for page in range(pages):
        y = _line(canvas, 780, 9, 400, "涪陵区合作办 内部编号2021")
        y = _line(canvas, 730, 22, 180, TITLE if page == 0 else f"附件{page}")
        for heading, paragraphs in SECTIONS:
            y = _line(canvas, y - 20, 16, 90, heading)
            for paragraph in paragraphs:
                indented = "\u3000\u3000" + paragraph
                for start in range(0, len(indented), 34):
                    line = indented[start : start + 34]
                    spaces = len(line) - len(line.lstrip("\u3000"))
                    y = _line(canvas, y - 6, 12, 90 + 12 * spaces, line.strip("\u3000"))
        _line(canvas, 50, 9, 290, f"— {page + 1} —")
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def placed_pdf(pieces: Sequence[tuple[float, float, str]]) -> bytes:
    """A page with words at places, in points from the left and the bottom."""
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=A4, invariant=1)
    canvas.setFont("STSong-Light", 12)
    for x, y, text in pieces:
        canvas.drawString(x, y, text)
    canvas.save()
    return buffer.getvalue()


def page_image(lines: Sequence[str] = (TITLE, "", *SENTENCES), *, size: tuple[int, int] = (1240, 1000)) -> Image.Image:
    """A page as a scanner gives it."""
    image = Image.new("L", size, 255)
    draw, font = ImageDraw.Draw(image), ImageFont.truetype(str(FONT), 30, index=2)
    y = 80
    for text in lines:
        for start in range(0, max(len(text), 1), 34):
            draw.text((110, y), text[start : start + 34], font=font, fill=20)
            y += 54
    return image


def image_file(form: str = "PNG", *, pages: int = 1, size: tuple[int, int] = (1240, 1000)) -> bytes:
    first, *others = [page_image(size=size) for _ in range(pages)]
    more: dict[str, Any] = {"save_all": True, "append_images": others} if others else {}
    return _saved(lambda buffer: first.save(buffer, form, **more))


def saved_image(image: Image.Image) -> bytes:
    return _saved(lambda buffer: image.save(buffer, "PNG"))


def scanned_pdf(*, size: tuple[int, int] = (1240, 1000)) -> bytes:
    return _saved(lambda buffer: page_image(size=size).save(buffer, "PDF", resolution=150))


def zip_file(parts: Mapping[str, str | bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def unzipped(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _saved(save: Callable[[Any], object]) -> bytes:
    buffer = io.BytesIO()
    save(buffer)
    return buffer.getvalue()


def _line(canvas: Canvas, y: float, size: float, x: float, text: str) -> float:
    canvas.setFont("STSong-Light", size)
    canvas.drawString(x, y - size, text)
    return y - size
