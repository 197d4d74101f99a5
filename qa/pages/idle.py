"""A page whose events are single calls: Gradio's queue is there, and rests."""

import gradio as gr

REST_SECONDS = 5.0


def without_queue(page: gr.Blocks) -> gr.Blocks:
    """The page with a queue that is open to nobody and looks for work seldom.

    Gradio lets it look a thousand times a second, which costs an idle server 4 % of a slow core for each page.
    """
    page.queue(api_open=False)
    page._queue.sleep_when_free = REST_SECONDS
    return page
