"""Pages mounted in an app of ours: Gradio's queue is there and rests, and its check of paths is on."""

import gradio as gr

REST_SECONDS = 5.0


def without_queue(page: gr.Blocks) -> gr.Blocks:
    """The page with a queue that is open to nobody and looks for work seldom.

    Gradio lets it look a thousand times a second, which costs an idle server 4 % of a slow core for each page.
    """
    page.queue(api_open=False)
    page._queue.sleep_when_free = REST_SECONDS
    return page


def checking_files(page: gr.Blocks) -> gr.Blocks:
    """The page with Gradio's own check of the paths in calls, which only `launch()` switches on."""
    page.has_launched = True
    return page
