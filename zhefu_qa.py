"""The program as its wheel installs it: `zhefu-qa serve`, and every command of `python -m qa`.

Documents lie in `documents` of the working directory and all that the program makes in `var`, unless settings name
other folders.
"""

import qa.runtime.offline  # noqa: F401 - before all others, as it says

# isort: split
import os
import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path

import click

from corpus.files.scan import FileReport, scan
from qa.cli.main import command_line, main
from qa.cli.output import pass_settings
from qa.publishing.serving import store_of
from qa.runtime.settings import ROOT, Settings

SHIPPED = ROOT / "corpus" / "documents"
LOOK_EVERY = 1.0  # seconds
EMPTY = """还没有文件。请把第一份文件（Word、PDF、网页、表格、文本……）放进这个文件夹：
    {folder}
放好后自动开始；按 Ctrl-C 结束。想先看看样子，用 zhefu-qa serve --example 放入随附的文件。
There are no documents yet. Put a first one into this folder; the rest follows by itself. Ctrl-C ends."""
FOUND = "找到{count}份文件：读取、建立索引，第一次约一分钟，然后打开下面的网址。"


def wait_for_documents(
    folder: Path, say: Callable[[str], None], *, pause: Callable[[float], None] = time.sleep
) -> None:
    """Return once the folder holds a document that can be read and nothing in it changes any more.

    `say` is told what to do, why a file cannot be read, and how many were found.
    """
    before, told = scan(folder), set[FileReport]()
    if before.files:
        return
    say(EMPTY.format(folder=folder))
    while True:
        for report in before.not_taken:
            if report not in told:
                say(f"{report.name}：{report.reason}")
                told.add(report)
        pause(LOOK_EVERY)
        now = scan(folder)
        # A file that is still being copied has other content at each look.
        if now.files and now == before:
            say(FOUND.format(count=len(now.files)))
            return
        before = now


@click.command("serve")
@click.option("--example", is_flag=True, help="Put the shipped documents into the folder first, if it is empty.")
@pass_settings
def serve(settings: Settings, example: bool) -> int:
    """Serve the chat; from an empty folder, once a first document is put in."""
    settings.documents.mkdir(parents=True, exist_ok=True)
    if example and not scan(settings.documents).files:
        shutil.copytree(SHIPPED, settings.documents, dirs_exist_ok=True)
    if not store_of(settings).names():
        wait_for_documents(settings.documents, lambda line: print(line, flush=True))
    import app  # Gradio takes seconds to import, and only the server needs it

    return app.main()


def run() -> None:
    """Run one command, and end the process with its exit code."""
    os.environ.setdefault("QA_HOME", "var")
    os.environ.setdefault("QA_DOCUMENTS", "documents")
    command_line.add_command(serve)
    sys.exit(main(program="zhefu-qa"))


if __name__ == "__main__":
    run()
