"""Electronic books: style sheets within the book, notes, phonetic guides."""

from corpus.conversion.convert import convert
from corpus.limits import DEFAULT_BUDGET
from tests.support.files.office_files import epub_file

_CHAPTER = (
    "<html xmlns='http://www.w3.org/1999/xhtml'><head><title>章</title><link rel='stylesheet' href='text/s.css'/>"
    "<style>.a{display:none}</style></head><body><h1>停车</h1><p class='a'>藏在里面。</p><p class='b'>藏在外面。</p>"
    "<p>路内停车<ruby>枫<rt>feng</rt></ruby>浦区首小时六元。</p><aside><p>不满一小时的按一小时计。</p></aside></body></html>"
)


def text_of(styles: str) -> str:
    book = epub_file({"OEBPS/1.xhtml": _CHAPTER, "OEBPS/text/s.css": styles})
    return convert("书.epub", book, DEFAULT_BUDGET).text


def test_what_a_style_sheet_of_the_book_hides_is_not_read() -> None:
    assert "藏在外面" in text_of(".c{display:none}") and "藏在里面" not in text_of("")
    assert "藏在外面" not in text_of(".b{display:none}")


def test_notes_are_read_and_phonetic_guides_are_not() -> None:
    text = text_of("")
    assert "不满一小时的按一小时计。" in text and "枫浦区首小时六元。" in text
