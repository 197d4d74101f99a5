"""Forms of PDF: what is filled in stands behind its own label, ticks before their words."""

from reportlab.pdfgen.canvas import Canvas

from corpus.loaders.parts.layout.lines import Line
from corpus.loaders.parts.page.filled_in import with_filled_in
from tests.corpus.visible.test_pages import made, put


def line(left: float, top: float, *cells: str, step: float = 100) -> Line:
    edges = tuple((left + step * at, left + step * at + 12 * len(words)) for at, words in enumerate(cells))
    return Line(" ".join(cells), left, edges[-1][1], top, top + 12, 12, cells, edges)


def texts(printed: list[Line], filled_in: list[Line]) -> list[str]:
    return [each.text for each in with_filled_in(printed, filled_in)]


def test_fields_below_one_another_are_read_each_behind_its_label() -> None:
    def draw(canvas: Canvas) -> None:
        for row, (label, value) in enumerate(
            (("Name:", "Al"), ("Phone:", "6612345 or 6612346"), ("Days:", ""), ("Fee:", "30"))
        ):
            put(canvas, 60, 740 - 30 * row, label)
            canvas.acroForm.textfield(name=label, x=130, y=734 - 30 * row, width=200, height=20, value=value)

    assert made(draw).text.strip() == "Name:Al Phone:6612345 or 6612346 Days:Fee:30"


def test_of_two_fields_on_one_line_each_follows_its_own_label() -> None:
    found = texts([line(60, 100, "负责人：", "电话：", step=200)], [line(120, 100, "王一一", "6612345", step=200)])
    assert found == ["负责人：王一一 电话：6612345"]


def test_a_tick_stands_before_its_words_and_these_behind_their_label() -> None:
    printed = [line(60, 100, "方式："), line(60, 130, "本表一式两份。"), line(120, 100, "自取", "邮寄", "代领")]
    assert texts(printed, [line(106, 100, "✓"), line(306, 100, "✓")]) == ["方式：✓自取 邮寄 ✓代领", "本表一式两份。"]


def test_what_is_typed_where_nothing_is_printed_is_a_line_of_its_own() -> None:
    assert texts([line(60, 100, "方式："), line(60, 160, "说明")], [line(120, 130, "自取")]) == [
        "方式：",
        "自取",
        "说明",
    ]
