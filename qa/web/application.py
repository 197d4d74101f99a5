"""The complete web app: the pages of citizens and staff and the interface for programs, behind their guards."""

import qa.web.citizen.gradio_stubs  # noqa: F401 - before Gradio, as it says

# isort: split
import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from datetime import UTC, datetime

from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware
from starlette.staticfiles import StaticFiles

from index.snapshots.errors import StoreError
from qa import __version__
from qa.bootstrap.admission import open_admission
from qa.bootstrap.models import Models
from qa.evaluation.golden import GoldenQuestion
from qa.generation.writer import Writer
from qa.publishing.serving import shared_folder_of
from qa.runtime.settings import Settings, SettingsError
from qa.service.admission import Admission, Sources
from qa.service.answer_queue import Assistant
from qa.staff.accounts.accounts import Accounts
from qa.staff.accounts.sessions import Sessions
from qa.staff.backups.expiry import expire_copies
from qa.storage.database import database_of, open_database
from qa.storage.runtime_settings import CurrentSettings
from qa.storage.shared.visits import SharedVisits
from qa.web import assets, page
from qa.web.api import routes as api_routes
from qa.web.api.mcp import Tools
from qa.web.api.metrics import Metrics
from qa.web.api.metrics import routes as metrics_routes
from qa.web.citizen import chat, plain, written
from qa.web.citizen import routes as citizen_routes
from qa.web.http.asset_cache import Lasting
from qa.web.http.draining import Draining
from qa.web.http.guard import Guard
from qa.web.http.inline_scripts import InlineScripts
from qa.web.http.policy import DOCS_SITE, allowed_hosts
from qa.web.http.share_card import ShareCard
from qa.web.site import Site, site_of
from qa.web.staff import area
from qa.web.staff.guard import StaffGuard
from qa.web.translations import preferred

logger = logging.getLogger(__name__)

EXPIRE_SECONDS = 3600.0  # between two sweeps over copies of the question log
FOLLOW_SECONDS = 5.0  # between two looks for files that other machines share


def create_app(
    assistant: Assistant,
    settings: Settings,
    *,
    sources: Sources,
    golden: Sequence[GoldenQuestion] = (),
    models: Models | None = None,
    edition: Callable[[], str] = str,
    switches: CurrentSettings | None = None,
    writer: Writer | None = None,
    draining: Draining | None = None,
) -> FastAPI:
    """Return the complete web app, answered by `assistant`; it offers those `golden` questions that it answers.

    `edition` returns a key that changes whenever a question may get another reply from the same snapshot. Staff try
    questions with `models`. The assistant must heed the same `switches`. Where staff allow it, `writer` writes answers
    out.
    """
    switches = switches or CurrentSettings(open_database(database_of(settings)))
    writer = writer if settings.llm_citizens else None
    metrics = Metrics() if settings.metrics_from else None
    admission = open_admission(
        assistant, settings, sources, golden, edition=edition, switches=switches, writer=writer, heard=metrics
    )
    tools = Tools(admission)
    # Without an account there is nobody to let in, and so no staff area.
    sessions = Sessions(database_of(settings)) if Accounts(database_of(settings)).any() else None

    app = FastAPI(
        title="浙涪问答",
        version=__version__,
        docs_url=None,
        redoc_url=None,
        openapi_url="/openapi.json",
        lifespan=_lifespan(admission, settings, tools, sessions),
    )
    site = site_of(settings)
    app.add_middleware(InlineScripts, paths=("/",), folders=(f"{DOCS_SITE}/",))
    app.add_middleware(ShareCard, head=page.head, shell=lambda accepted: _first_sight(admission, site, accepted))
    _guard(app, settings, sessions)
    _offer_programs(app, admission, metrics, draining or Draining())
    if sessions:
        area.add(app, settings, sessions, models)
    app.router.routes.append(tools.route)
    return _offer_citizens(app, admission, settings, site=site)


def _lifespan(
    admission: Admission, settings: Settings, tools: Tools, sessions: Sessions | None
) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    """Return what runs beside the app, from its start to its end."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        admission.suggestions.start()
        keeping = [asyncio.create_task(_keep_expiring(settings)), asyncio.create_task(_keep_following(settings))]
        async with tools.running(), area.kept(settings) if sessions else nullcontext():
            yield
        for one in keeping:
            one.cancel()
        admission.close()
        if sessions:
            sessions.close()

    return lifespan


def _offer_programs(app: FastAPI, admission: Admission, metrics: Metrics | None, draining: Draining) -> None:
    """Add what other programs call: the API, the probes, and figures where the settings name who may read them."""
    app.add_exception_handler(Exception, api_routes.apologise)
    app.include_router(api_routes.routes(admission, draining))
    if metrics:
        metrics.watch(admission.queue, admission.log, draining)
        app.include_router(metrics_routes(metrics))


def _offer_citizens(app: FastAPI, admission: Admission, settings: Settings, *, site: Site) -> FastAPI:
    """Add the citizens' pages; the chat, which answers at every address left, comes last.

    Raises `SettingsError` if the documentation's site is not where the settings say.
    """
    if settings.docs_site:
        if not (settings.docs_site / "index.html").is_file():
            raise SettingsError(f"QA_DOCS_SITE: {settings.docs_site} is no site; write it by: make docs")
        app.mount(DOCS_SITE, StaticFiles(directory=settings.docs_site, html=True))
    originals = settings.documents if settings.offer_files else None
    app.include_router(citizen_routes.routes(admission, originals, site))
    app.include_router(written.routes(admission, contact=settings.contact))
    app.include_router(plain.routes(admission, site))
    return chat.mount(app, admission, site)


def _guard(app: FastAPI, settings: Settings, sessions: Sessions | None) -> None:
    """Put between the app and the network what lets in only the known; with an account staff's own guard, too."""
    # Allows no foreign origin; its presence keeps Gradio from adding a middleware that allows all of them.
    app.add_middleware(CORSMiddleware, allow_origins=())
    app.add_middleware(Lasting, ("/assets/", "/static/", assets.address("")))
    if sessions:
        app.add_middleware(
            StaffGuard,
            member=sessions.member,
            max_upload=area.most_upload(settings),
            page=area.sign_in_page(settings),
        )
    app.add_middleware(
        Guard,
        hosts=allowed_hosts(settings.host, settings.allowed_hosts),
        sites=settings.widget_sites,
        proxies=settings.proxies,
        staff=sessions is not None,
        metrics_from=settings.metrics_from,
        docs_site=settings.docs_site is not None,
        missing=lambda accepted: page.not_found(preferred(accepted)),
    )


def _first_sight(admission: Admission, site: Site, accepted: str) -> str:
    switches = admission.switches()
    notices = tuple(filter(None, (switches.notice, switches.pause)))
    offered = page.examples(admission.suggestions, preferred(accepted))
    return page.shell(accepted, examples=offered, notices=notices, site=site)


async def _keep_expiring(settings: Settings) -> None:
    while True:
        await asyncio.to_thread(expire_copies, settings, datetime.now(UTC))
        if settings.database_url:
            await asyncio.to_thread(SharedVisits(settings.database_url).forget)
        await asyncio.sleep(EXPIRE_SECONDS)


async def _keep_following(settings: Settings) -> None:
    """Take over the files that other machines share."""
    shared = shared_folder_of(settings)
    while shared is not None:
        try:
            await asyncio.to_thread(shared.follow)
        except (StoreError, OSError) as error:
            logger.error("Shared files are not taken over: %s", error)
        await asyncio.sleep(FOLLOW_SECONDS)
