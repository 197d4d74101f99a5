"""What the staff pages share."""

import gradio as gr

from qa.web.html import Html
from qa.web.staff.components import escaping

BOLD = "<b>字</b>"


def test_plain_text_in_a_place_for_markup_shows_as_text() -> None:
    place, field = gr.Markdown(), gr.Textbox()
    shown, typed = escaping(lambda: (BOLD, BOLD), [place, field])()
    assert shown == "&#60;b&#62;字&#60;&#47;b&#62;" and typed == BOLD
    assert escaping(lambda: Html(BOLD), [place])() == BOLD  # noqa: S704  as a page makes it of literals


def test_what_stays_as_it_is_passes() -> None:
    place = gr.Markdown()
    assert escaping(gr.skip, [place])() == gr.skip()
