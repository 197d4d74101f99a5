"""PDF files made to hang, exhaust, crash or lead astray whoever parses them; the first is sound."""

import zlib
from collections.abc import Callable, Mapping

from tests.support.files import office_files


def pdf(objects: list[str], *, root: int = 1) -> bytes:
    """A PDF of these objects, numbered from 1."""
    body, places = b"%PDF-1.7\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(body))
        body += f"{number} 0 obj\n{content}\nendobj\n".encode("latin-1")
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    size = len(objects) + 1
    end = f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer\n<</Size {size}/Root {root} 0 R>>\n"
    return body + end.encode() + f"startxref\n{len(body)}\n%%EOF\n".encode()


def _stream(content: str) -> str:
    return f"<</Length {len(content)}>>\nstream\n{content}\nendstream"


def _packed(content: bytes, *, filters: int = 1, then: str = "", more: str = "") -> str:
    """A compressed stream; of `filters` filters, whose last but one was applied already."""
    packed = zlib.compress(content).decode("latin-1")
    return f"<</Length {len(packed)}/Filter[{'/FlateDecode' * filters}{then}]{more}>>\nstream\n{packed}\nendstream"


def _pictured(entries: str, further: str = "null") -> bytes:
    """A page without text, to be drawn and recognised, that shows a picture, object 6, of these entries."""
    picture = f"<</Type/XObject/Subtype/Image{entries}/Length 99>>\nstream\n{'x' * 99}\nendstream"
    page = f"<</Type/Page{_BOX}/Contents 4 0 R/Resources<</XObject<</X 6 0 R>>>>>>"
    return pdf([_CATALOG, _PAGES, page, _stream("q 500 0 0 500 9 9 cm /X Do Q"), _FONT, picture, further])


_CATALOG, _PAGES = "<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>"
_FONT = "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
_BOX = "/Parent 2 0 R/MediaBox[0 0 600 800]"
_PAGE = f"<</Type/Page{_BOX}/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>"
_SHOW = "BT /F 12 Tf 72 700 Td (A sentence to be read here.) Tj ET"
_ITSELF = "<</XObject<</X 5 0 R>>>>"


def _page(content: str, font: str = _FONT) -> bytes:
    """A page of this content."""
    return pdf([_CATALOG, _PAGES, _PAGE, content, font])


def _long_page(content: str) -> bytes:
    return pdf([_CATALOG, _PAGES, _PAGE.replace("600 800", "600 26000"), content, _FONT])


def _endless(letters: int) -> str:
    return " ".join(f"BT /F 1 Tf 9 {y} Td 5 Tz ({'m' * letters}) Tj ET" for y in (790, 780, 770))


def _one_row(lines: int) -> str:
    """Two columns of figures between two rules, each column written after the other."""
    rules = "".join(f"9 {y} m 500 {y} l S " for y in (25_990, 25_980, 10))
    columns = (f"BT /F 2 Tf 1 0 0 1 {x} 25970 Tm 2.5 TL {'(12) Tj T* ' * lines}ET " for x in (20, 300))
    return rules + "".join(columns)


HOSTILE_PDFS: Mapping[str, Callable[[], bytes]] = {
    "control": lambda: _page(_stream(_SHOW)),
    "pages in a circle": lambda: pdf([_CATALOG, "<</Type/Pages/Kids[2 0 R]/Count 1>>"]),
    "too many pages": lambda: pdf([_CATALOG, "<</Type/Pages/Kids[3 0 R]/Count 2147483647>>", _PAGE, _stream("")]),
    "a parent that is a child": lambda: pdf(
        [_CATALOG, _PAGES, "<</Type/Pages/Parent 3 0 R/Kids[3 0 R 2 0 R]/Count 9>>", _stream(""), _FONT]
    ),
    "outlines without end": lambda: pdf(
        [
            "<</Type/Catalog/Pages 2 0 R/Outlines 6 0 R>>",
            _PAGES,
            _PAGE,
            _stream(_SHOW),
            _FONT,
            "<</First 7 0 R/Last 7 0 R>>",
            "<</Title(a)/Next 7 0 R/First 7 0 R>>",
        ]
    ),
    "a form within itself": lambda: pdf(
        [
            _CATALOG,
            _PAGES,
            f"<</Type/Page{_BOX}/Contents 4 0 R/Resources{_ITSELF}>>",
            _stream("/X Do"),
            f"<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources{_ITSELF}/Length 5>>\nstream\n/X Do\nendstream",
        ]
    ),
    "a stream longer than the file": lambda: _page(f"<</Length 2000000000>>\nstream\n{_SHOW}\nendstream"),
    "a length that is itself": lambda: _page(f"<</Length 4 0 R>>\nstream\n{_SHOW}\nendstream"),
    "a deep array": lambda: pdf([_CATALOG, _PAGES, _PAGE, _stream(_SHOW), "[" * 100_000 + "]" * 100_000]),
    "deep dictionaries": lambda: pdf([_CATALOG, _PAGES, _PAGE, _stream(_SHOW), "<</A" * 50_000 + ">>" * 50_000]),
    "deep graphics states": lambda: _page(_stream("q " * 500_000 + _SHOW)),
    "a page of a huge size": lambda: pdf(
        [_CATALOG, _PAGES, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 1e9 1e9]/Contents 4 0 R>>", _stream(""), _FONT]
    ),
    "a million characters": lambda: _page(_stream(f"BT /F 1 Tf {'(aaaaaaaaaa) Tj ' * 100_000} ET")),
    "a filter on a filter": lambda: pdf(
        [_CATALOG, _PAGES, _PAGE, f"<</Length 9/Filter[{'/FlateDecode ' * 999}]>>\nstream\n123456789\nendstream"]
    ),
    "a script": lambda: pdf(
        ["<</Type/Catalog/Pages 2 0 R/OpenAction<</S/JavaScript/JS(for(;;);)>>>>", _PAGES, _PAGE, _stream(_SHOW), _FONT]
    ),
    "a launch": lambda: pdf(
        ["<</Type/Catalog/Pages 2 0 R/OpenAction<</S/Launch/F(/bin/sh)>>>>", _PAGES, _PAGE, _stream(_SHOW), _FONT]
    ),
    "a reference in a circle": lambda: pdf([_CATALOG, _PAGES, _PAGE, "5 0 R", "4 0 R"]),
    "no end": lambda: office_files.pdf_file()[:-200],
    "previous table in a circle": lambda: office_files.pdf_file().replace(b"/Root", b"/Prev 9 /Root"),
    "a compressed bomb": lambda: _page(_packed(b"0 0 m " * 20_000_000)),
    "a bomb in a bomb": lambda: _page(_packed(zlib.compress(b" " * 200_000_000), filters=2)),
    "a bomb of run lengths": lambda: _page(_packed(b"\x81 " * 2_000_000, filters=1, then="/RunLengthDecode")),
    "a broken compressed stream": lambda: _page(
        "<</Length 40/Filter/FlateDecode>>\nstream\n" + "x\x9c\xff" * 13 + "\nendstream"
    ),
    "a predictor without columns": lambda: _page(
        _packed(_SHOW.encode(), more="/DecodeParms<</Predictor 15/Columns 2147483647>>")
    ),
    "a picture of a huge size": lambda: _pictured(
        "/Width 100000/Height 100000/BitsPerComponent 8/ColorSpace/DeviceGray"
    ),
    "a picture of a negative size": lambda: _pictured("/Width -5/Height -5/BitsPerComponent 8/ColorSpace/DeviceGray"),
    "a picture masked by itself": lambda: _pictured(
        "/Width 9/Height 9/BitsPerComponent 8/ColorSpace/DeviceGray/SMask 6 0 R"
    ),
    "a picture of JPEG 2000": lambda: _pictured("/Width 9/Height 9/Filter/JPXDecode"),
    "a picture of JBIG2": lambda: _pictured("/Width 9/Height 9/BitsPerComponent 1/Filter/JBIG2Decode"),
    "a picture of a fax": lambda: _pictured(
        "/Width 9/Height 9/BitsPerComponent 1/Filter/CCITTFaxDecode/DecodeParms<</K -1/Columns 2000000000>>"
    ),
    "a colour space within itself": lambda: _pictured(
        "/Width 9/Height 9/BitsPerComponent 8/ColorSpace[/Indexed 7 0 R 1(x)]", "[/Indexed 7 0 R 255(a)]"
    ),
    "a function of itself": lambda: _pictured(
        "/Width 9/Height 9/BitsPerComponent 8/ColorSpace[/Separation/A/DeviceRGB 7 0 R]",
        "<</FunctionType 3/Domain[0 1]/Functions[7 0 R 7 0 R]/Bounds[0.5]/Encode[0 1 0 1]>>",
    ),
    "a program that never ends": lambda: _pictured(
        "/Width 9/Height 9/BitsPerComponent 8/ColorSpace[/Separation/A/DeviceRGB 7 0 R]",
        "<</FunctionType 4/Domain[0 1]/Range[0 1 0 1 0 1]/Length 200000>>\nstream\n"
        + "{" * 50_000
        + "dup"
        + "}" * 50_000
        + "\nendstream",
    ),
    "a shading of a million steps": lambda: pdf(
        [
            _CATALOG,
            _PAGES,
            f"<</Type/Page{_BOX}/Contents 4 0 R/Resources<</Shading<</S 5 0 R>>>>>>",
            _stream("/S sh " * 20_000),
            "<</ShadingType 1/ColorSpace/DeviceRGB/Function<</FunctionType 2/Domain[0 1 0 1]/N 1>>>>",
        ]
    ),
    "a pattern of itself": lambda: pdf(
        [
            _CATALOG,
            _PAGES,
            f"<</Type/Page{_BOX}/Contents 4 0 R/Resources<</Pattern<</P 5 0 R>>>>>>",
            _stream("/Pattern cs /P scn 0 0 600 800 re f"),
            "<</PatternType 1/PaintType 1/TilingType 1/BBox[0 0 1 1]/XStep 0.001/YStep 0.001"
            "/Resources<</Pattern<</P 5 0 R>>>>/Length 30>>\nstream\n/Pattern cs /P scn 0 0 1 1 re f\nendstream",
        ]
    ),
    "a dash of nothing": lambda: _page(_stream("[0.0000001 0] 0 d 0 0 m 600 800 l S " * 2000 + _SHOW)),
    "a million paths": lambda: _page(_stream("0 0 m 9 9 l S " * 500_000 + _SHOW)),
    "clips upon clips": lambda: _page(_stream("0 0 9 9 re W n " * 200_000 + _SHOW)),
    "text in text": lambda: _page(_stream("BT " * 200_000 + _SHOW)),
    "marked content without end": lambda: _page(_stream("/P BMC " * 300_000 + _SHOW)),
    "a string without end": lambda: _page(_stream("BT /F 12 Tf (" + "(" * 300_000)),
    "an inline picture without end": lambda: _page(_stream("BI /W 99999 /H 99999 /BPC 8 /CS /G ID " + "x" * 1000)),
    "numbers of a thousand digits": lambda: _page(
        _stream(f"BT /F {'9' * 1000} Tf {'9' * 1000} -{'9' * 1000} Td (a) Tj ET")
    ),
    "a box that is no box": lambda: pdf(
        [_CATALOG, _PAGES, "<</Type/Page/Parent 2 0 R/MediaBox[(a)/b null]/Contents 4 0 R>>", _stream(_SHOW), _FONT]
    ),
    "contents a thousand times": lambda: pdf(
        [
            _CATALOG,
            _PAGES,
            f"<</Type/Page{_BOX}/Contents[{'4 0 R ' * 5000}]/Resources<</Font<</F 5 0 R>>>>>>",
            _stream(_SHOW + " "),
            _FONT,
        ]
    ),
    "a font in a circle": lambda: pdf(
        [
            _CATALOG,
            _PAGES,
            _PAGE,
            _stream(_SHOW),
            "<</Type/Font/Subtype/Type0/BaseFont/A/Encoding 5 0 R/DescendantFonts[5 0 R]/ToUnicode 5 0 R>>",
        ]
    ),
    "a drawn font that draws itself": lambda: pdf(
        [
            _CATALOG,
            _PAGES,
            _PAGE,
            _stream(_SHOW),
            "<</Type/Font/Subtype/Type3/FontBBox[0 0 9 9]/FontMatrix[1 0 0 1 0 0]/FirstChar 0/LastChar 255/Widths[9]"
            "/Encoding<</Differences[65/a]>>/CharProcs<</a 4 0 R>>/Resources<</Font<</F 5 0 R>>>>>>",
        ]
    ),
    "a map of characters that explodes": lambda: pdf(
        [
            _CATALOG,
            _PAGES,
            _PAGE,
            _stream(_SHOW),
            "<</Type/Font/Subtype/Type0/BaseFont/A/Encoding/Identity-H/DescendantFonts[6 0 R]/ToUnicode 7 0 R>>",
            "<</Type/Font/Subtype/CIDFontType2/BaseFont/A/CIDSystemInfo<</Registry(A)/Ordering(B)/Supplement 0>>"
            f"/W[{'0 65535 1000 ' * 5000}]>>",
            _stream(
                "begincmap 1 begincodespacerange<0000><FFFF>endcodespacerange "
                + "1 beginbfrange<0000><FFFF><0041>endbfrange " * 2000
                + "endcmap"
            ),
        ]
    ),
    "a form of a thousand fields": lambda: pdf(
        [
            "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[6 0 R]/XFA(<a/>)>>>>",
            _PAGES,
            _PAGE,
            _stream(_SHOW),
            _FONT,
            f"<</T(a)/FT/Tx/Kids[{'6 0 R ' * 1000}]/Parent 6 0 R>>",
        ]
    ),
    "a link and a sound to elsewhere": lambda: pdf(
        [
            _CATALOG,
            _PAGES,
            f"{_PAGE[:-2]}/Annots[6 0 R 6 0 R]/AA<</O<</S/URI/URI(http://127.0.0.1:9/)>>>>>>",
            _stream(_SHOW),
            _FONT,
            "<</Type/Annot/Subtype/Link/Rect[0 0 9 9]/A<</S/GoToR/F(//127.0.0.1/a)/D[0/Fit]>>/Popup 6 0 R>>",
        ]
    ),
    "a file in the file": lambda: pdf(
        [
            "<</Type/Catalog/Pages 2 0 R/Names<</EmbeddedFiles<</Kids[6 0 R]>>>>>>",
            _PAGES,
            _PAGE,
            _stream(_SHOW),
            _FONT,
            "<</Limits[(a)(b)]/Kids[6 0 R]/Names[(a.exe)<</Type/Filespec/F(../../a.exe)/EF<</F 4 0 R>>>>]>>",
        ]
    ),
    "an encryption that makes no sense": lambda: _page(_stream(_SHOW)).replace(
        b"/Root", b"/Encrypt<</Filter/Standard/V 5/R 6/Length 9999999/O()/U()/P -1>>/Root"
    ),
    "a table of a billion objects": lambda: _page(_stream(_SHOW)).replace(b"/Size 6", b"/Size 2000000000"),
    "objects in a stream of itself": lambda: pdf(
        ["<</Type/ObjStm/N 99999999/First 99999999/Extends 1 0 R/Length 3>>\nstream\n1 0\nendstream", _PAGES, _PAGE]
    ),
    "words without end at the edge of a page": lambda: _page(_stream(f"{_endless(3_000)} {_SHOW}")),
    "a table of one row of thousands of lines": lambda: _long_page(_stream(_one_row(10_000))),
    "many heads": lambda: b"%PDF-1.7\n" * 50_000 + _page(_stream(_SHOW)),
    "ends without beginning": lambda: _page(_stream(_SHOW)) + b"startxref\n0\n%%EOF\n" * 50_000,
    "ten thousand pages": lambda: pdf(
        [_CATALOG, f"<</Type/Pages/Kids[{'3 0 R ' * 10_000}]/Count 10000>>", _PAGE, _stream(_SHOW), _FONT]
    ),
}
