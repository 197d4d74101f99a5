"""Assembles the staff area: sign-in, downloads and the tabs, mounted at `/staff`."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import gradio as gr
from fastapi import FastAPI

from qa.bootstrap.errors import EXPECTED
from qa.bootstrap.models import Models
from qa.runtime.settings import Settings
from qa.staff.accounts.management import StaffAccounts
from qa.staff.accounts.sessions import Member, Sessions
from qa.staff.accounts.sign_on.provider import Provider
from qa.staff.console import Console
from qa.staff.permissions import Role
from qa.storage.audit import PROGRAM
from qa.storage.database import DatabaseError
from qa.web.citizen import chat
from qa.web.gradio_queue import checking_files, without_queue
from qa.web.html import NOTHING, Html, render
from qa.web.http.policy import STAFF
from qa.web.staff import downloads, sign_in
from qa.web.staff.arrivals import Arrivals
from qa.web.staff.components import CALL, PageContent, StaffPages, escaping, markup, name_of, refusing, role_of
from qa.web.staff.pages.files import routes as file_pages
from qa.web.staff.pages.frame import MADE_HERE, PLACES, Pages
from qa.web.staff.pages.golden import routes as golden_pages
from qa.web.staff.pages.home import routes as home
from qa.web.staff.pages.more import audit as audit_page
from qa.web.staff.pages.more import backups as backup_page
from qa.web.staff.pages.more import routes as more
from qa.web.staff.pages.more import trial as trial_page
from qa.web.staff.pages.questions import answers as answer_pages
from qa.web.staff.pages.questions import log as log_page
from qa.web.staff.pages.questions import routes as question_pages
from qa.web.staff.pages.settings import routes as settings_pages
from qa.web.staff.pages.single_sign_on import SingleSignOn
from qa.web.staff.pages.snapshots import routes as snapshot_pages
from qa.web.staff.pages.two_step import routes as second_step_page
from qa.web.staff.sign_in_log import DoorLog
from qa.web.staff.tabs import audit, backups, questions, reviewed_answers, trial
from qa.web.staff.tabs.documents import tab as documents
from qa.web.staff.tabs.documents import upload_box

logger = logging.getLogger(__name__)

_FAILURES: tuple[type[Exception], ...] = (*EXPECTED, DatabaseError, OSError)
# In the order of the tabs.
PAGES: dict[str, Callable[[StaffPages], PageContent]] = {
    "文档": documents.build,
    "检索测试": trial.build,
    "问答记录": questions.build,
    "人工答案": reviewed_answers.build,
    "审计": audit.build,
    "备份": backups.build,
}
# Bytes around the files of one upload; the console checks each file.
UPLOAD_ROOM = 1024 * 1024


def sign_in_page(settings: Settings) -> sign_in.SignInPage:
    """Return what makes the sign-in page, with a button for single sign-on where the settings name a provider."""
    return sign_in.SignInPage(settings.sso_label if settings.sso_issuer else "")


def mount(app: FastAPI, pages: gr.Blocks, settings: Settings, sessions: Sessions, models: Models | None) -> FastAPI:
    """Return the app with the staff area at `/staff`, with sign-in and downloads."""

    def change_password(member: Member, old: str, new: str) -> None:
        StaffAccounts(settings, who=member.name, role=member.role).own_password(old, new)

    page, log = sign_in_page(settings), DoorLog(settings)
    provider = Provider(settings) if settings.sso_issuer else None
    door = sign_in.Door(sessions, page, log, provider.way_out if provider else None)
    app.include_router(sign_in.routes(door, change_password))
    if provider:
        app.include_router(SingleSignOn(settings, provider, sessions, log).routes(page))
    app.include_router(downloads.routes(settings))
    own = Pages(settings, models)
    app.include_router(home.routes(own))
    app.include_router(question_pages.routes(own))
    app.include_router(file_pages.routes(own))
    app.include_router(snapshot_pages.routes(own))
    app.include_router(golden_pages.routes(own))
    app.include_router(settings_pages.routes(own))
    app.include_router(second_step_page.routes(own))
    for page in (more, log_page, answer_pages, trial_page, audit_page, backup_page):
        app.include_router(page.routes(own))
    mounted: FastAPI = gr.mount_gradio_app(
        app,
        pages,
        path=STAFF,
        theme=gr.themes.Base(font=chat.FONTS, font_mono=chat.MONOSPACE),
        head=render("staff/head.html", megabytes=settings.max_file_mb),
        footer_links=[],
        run_history=False,
        show_error=False,
        enable_monitoring=False,
        max_file_size=settings.max_file_mb * 1024 * 1024,
        mcp_server=False,
        ssr_mode=False,
        pwa=False,
    )
    return mounted


def most_upload(settings: Settings) -> int:
    """Return the bytes that one upload may take: the largest file, and the form around it."""
    return settings.max_file_mb * 1024 * 1024 + UPLOAD_ROOM


def look_ahead(settings: Settings) -> None:
    """Read the folder of documents once, so that the first member of the day need not wait for all its files."""
    try:
        Console(settings, who=PROGRAM, role=Role.EDITOR).documents.list()
    except _FAILURES as error:
        logger.warning("The documents could not be looked at: %s", error)


@asynccontextmanager
async def kept(folder: Path, settings: Settings) -> AsyncIterator[None]:
    """Keep the folder of uploads empty while the block runs; delete first what an earlier process left."""
    looking = asyncio.create_task(asyncio.to_thread(look_ahead, settings))
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    await asyncio.to_thread(upload_box.sweep, folder)
    sweeping = asyncio.create_task(upload_box.keep_sweeping(folder))
    try:
        yield
    finally:
        sweeping.cancel()
        with suppress(asyncio.CancelledError):
            await sweeping
        await looking


def build(settings: Settings, models: Models | None, arrivals: Arrivals) -> gr.Blocks:
    """Build the pages. Each is filled when its tab opens; every single call says who asks."""
    desk = StaffPages(settings, models, arrivals)
    area = gr.Blocks(title="工作区 · 浙涪问答", analytics_enabled=False, fill_width=True)
    with area:
        masthead = markup(elem_id="masthead")
        area.load(_masthead, None, [masthead], **CALL)
        filled: list[tuple[gr.Tab, PageContent]] = []
        with gr.Tabs(elem_id="pages", overflow_behavior="wrap"):
            for name, build_page in PAGES.items():
                with gr.Tab(name, id=name) as tab:
                    filled.append((tab, build_page(desk)))
        first = filled[0][1]
        area.load(first.show, list(first.inputs), list(first.outputs), **CALL)
        for tab, shown in filled:
            tab.select(shown.show, list(shown.inputs), list(shown.outputs), **CALL)
    for function in area.fns.values():
        function.fn = escaping(refusing(function.fn), function.outputs) if function.fn else None
    return checking_files(without_queue(area))


def _masthead(request: gr.Request) -> Html:
    shown = Html(
        '<div class="masthead"><h1>浙涪问答 · 工作区</h1><p>{}<a href="/">市民页面</a>'
        '<a href="{}/account">{}（{}）：账号、退出</a></p></div>'
    )
    places = NOTHING.join(Html('<a href="{}">{}</a>').format(address, name) for name, address in PLACES[:MADE_HERE])
    return shown.format(places, STAFF, name_of(request), role_of(request).label)
