"""Settings for Gradio pages mounted in our app: the queue rests, and the check of file paths is on."""

import gradio as gr

REST_SECONDS = 5.0


def without_queue(page: gr.Blocks) -> gr.Blocks:
    """Return the page with a closed queue that seldom looks for work.

    By default Gradio looks a thousand times a second for questions, and a hundred times for progress. An idle server
    pays 4 % and 1 % of a slow core for that, for each page.
    """
    # Not by `page.queue()`, which makes one more web app of the page.
    page.api_open = False
    page._queue.sleep_when_free = REST_SECONDS
    page._queue.progress_update_sleep_when_free = REST_SECONDS
    return page


def checking_files(page: gr.Blocks) -> gr.Blocks:
    """Return the page with Gradio's own check of paths in calls, which otherwise only `launch()` turns on."""
    page.has_launched = True
    return page
