"""Uploads on the page 文件: the parts of a request, and what becomes of each file."""

from collections.abc import AsyncIterator, Sequence, Set

from fastapi import Request
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from corpus.conversion.container import is_container
from qa.runtime.errors import Overtaken, Unfit
from qa.staff.console import Console
from qa.staff.documents.files import DocumentExists
from qa.web.staff.guard import TOO_LARGE
from qa.web.staff.pages.frame import Outcome, attempt
from qa.web.staff.values import megabytes

MOST_FILES = 200
# Of the files of one upload so many are read at once; each takes a process of its own for a second.
MOST_READ = 3
BROKEN = "没有收到完整的文件，请再上传一次"
TOO_MANY_FILES = f"一次最多上传{MOST_FILES}个文件，请分几次上传"


async def parts(request: Request) -> AsyncIterator[FormData | Response]:
    """Yield the parts of an upload; its files lie in nameless temporary files, which go with the request."""
    try:
        sent = await request.form(max_files=MOST_FILES, max_fields=10)
    except HTTPException as error:
        detail = str(error.detail)
        large, many = TOO_LARGE in detail, detail.startswith("Too many files")
        yield JSONResponse({"error": TOO_LARGE if large else TOO_MANY_FILES if many else BROKEN}, 413 if large else 400)
        return
    try:
        yield sent
    finally:
        await sent.close()


def taken(console: Console, sent: FormData) -> list[Outcome]:
    """Hand the files of an upload to the console; return what became of each, first of those that were refused."""
    files = [one for one in sent.getlist("files") if isinstance(one, UploadFile) and one.filename]
    seen_ns = _moment(sent.get("seen")) if sent.get("replace") == "yes" else None
    told: list[Outcome] = []
    for one in files:
        told.append(_take(console, one, seen_ns=seen_ns, before={outcome.file for outcome in told}))
    return sorted(told, key=lambda one: one.done)


def _moment(text: object) -> int:
    """Return the moment (Unix time, ns) at which the page with an upload was made; 0 if it does not say."""
    return int(text) if isinstance(text, str) and text.isascii() and text.isdigit() and len(text) < 20 else 0


def _take(console: Console, file: UploadFile, *, seen_ns: int | None, before: Set[str]) -> Outcome:
    """Hand a file to the console; return what became of it.

    With `seen_ns` it replaces a file that is there since then; a newer one nobody saw who uploads now, and one that
    came `before` in this upload is another file of the same name, as two folders may hold.
    """
    name, told, stored = file.filename or "", "", ""

    def taken() -> None:
        nonlocal told, stored
        try:
            kept = console.documents.upload(name, file.file)
        except DocumentExists as error:
            if error.name in before:
                raise Unfit(f"{name}：这一批里有几个同名文件，只上传了第一个；这一个请改名后再上传") from error
            if seen_ns is None:
                raise Unfit(f"{name}：已有同名文件；要替换它，请勾选“有同名文件时替换它”再上传一次") from error
            if error.changed_ns > seen_ns:
                who = console.documents.last_writer(error.name) or "别人"
                raise Overtaken(
                    f"{name}：您打开这一页以后，已被{who}改过，没有替换；请先看过现在的内容，仍要替换就再上传一次"
                ) from error
            file.file.seek(0)
            kept = console.documents.upload(name, file.file, replacing=error.version)
        told, stored = f"{'已替换' if kept.replaced else '已上传'}：{kept.name}（{megabytes(kept.size)}）", kept.name

    outcome = attempt(taken)
    return Outcome(True, told, file=stored) if outcome.done else outcome


def to_read(taken: Sequence[str]) -> list[str]:
    """Return the files whose text is shown at once: archives first, in which more may be wrong."""
    return sorted(taken, key=lambda name: not is_container(name))[:MOST_READ]
