"""Assembles the staff area: sign-in, downloads and pages, at `/staff`."""

import asyncio
import logging
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import APIRouter, FastAPI
from starlette.responses import RedirectResponse, Response

from qa.bootstrap.errors import EXPECTED
from qa.bootstrap.models import Models
from qa.runtime.private_files import UPLOADS
from qa.runtime.settings import Settings
from qa.staff.accounts.management import StaffAccounts
from qa.staff.accounts.members import Member
from qa.staff.accounts.sessions import Sessions
from qa.staff.accounts.sign_on.provider import Provider
from qa.staff.console import Console
from qa.staff.permissions import Role
from qa.storage.audit import PROGRAM
from qa.storage.database import DatabaseError
from qa.web.http.policy import STAFF
from qa.web.staff import downloads, sign_in
from qa.web.staff.pages.files import routes as file_pages
from qa.web.staff.pages.frame import Pages
from qa.web.staff.pages.golden import routes as golden_pages
from qa.web.staff.pages.home import routes as home
from qa.web.staff.pages.more import audit, backups, trial
from qa.web.staff.pages.more import routes as more
from qa.web.staff.pages.questions import answers, log
from qa.web.staff.pages.questions import routes as question_pages
from qa.web.staff.pages.settings import routes as settings_pages
from qa.web.staff.pages.single_sign_on import SingleSignOn
from qa.web.staff.pages.snapshots import routes as snapshot_pages
from qa.web.staff.pages.two_step import routes as second_step_page
from qa.web.staff.sign_in_log import DoorLog

logger = logging.getLogger(__name__)

_FAILURES: tuple[type[Exception], ...] = (*EXPECTED, DatabaseError, OSError)
_PAGES = (
    *(home, question_pages, log, answers, file_pages, snapshot_pages, golden_pages, settings_pages),
    *(second_step_page, more, trial, audit, backups),
)
# Bytes around the files of one upload; the console checks each file.
UPLOAD_ROOM = 1024 * 1024


def sign_in_page(settings: Settings) -> sign_in.SignInPage:
    """Return what makes the sign-in page, with a button for single sign-on where the settings name a provider."""
    return sign_in.SignInPage(settings.sso_label if settings.sso_issuer else "")


def add(app: FastAPI, settings: Settings, sessions: Sessions, models: Models | None) -> None:
    """Add the staff area to the app."""

    def change_password(member: Member, old: str, new: str) -> None:
        StaffAccounts(settings, who=member.name, role=member.role).own_password(old, new)

    page, door_log = sign_in_page(settings), DoorLog(settings)
    provider = Provider(settings) if settings.sso_issuer else None
    door = sign_in.Door(sessions, page, door_log, provider.way_out if provider else None)
    app.include_router(sign_in.routes(door, change_password))
    if provider:
        app.include_router(SingleSignOn(settings, provider, sessions, door_log).routes(page))
    app.include_router(downloads.routes(settings))
    pages = Pages(settings, models)
    for one in _PAGES:
        app.include_router(one.routes(pages))
    app.include_router(_first())


def _first() -> APIRouter:
    """Return the routes of the area's own address, and of its tabs in earlier versions: they lead to the first page."""
    router = APIRouter(include_in_schema=False)

    @router.get(STAFF)
    @router.get(f"{STAFF}/")
    def first() -> Response:
        return RedirectResponse(sign_in.HOME, 303)

    return router


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
async def kept(settings: Settings) -> AsyncIterator[None]:
    """Look ahead while the block runs; delete first what uploads to earlier versions left in a folder of their own."""
    await asyncio.to_thread(shutil.rmtree, settings.home / UPLOADS, ignore_errors=True)
    looking = asyncio.create_task(asyncio.to_thread(look_ahead, settings))
    try:
        yield
    finally:
        await looking
