"""The route of the page 首页."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from qa.staff.questions import behind
from qa.web.http.policy import STAFF
from qa.web.staff.pages.frame import Pages, attempt, member_of
from qa.web.staff.pages.home.figures import PERIODS, asked, served
from qa.web.staff.pages.home.todo import work
from qa.web.staff.pages.home.tour import tour, tour_cookie
from qa.web.staff.sign_in import HOME, KNOWN_SECONDS


def routes(pages: Pages) -> APIRouter:
    """Return the route. The guard admits only staff."""
    router = APIRouter(include_in_schema=False)

    @router.get(HOME)
    def home(request: Request) -> Response:
        console = pages.console(request)
        gathered = attempt(lambda: behind.gather(console.todo))
        chosen = request.query_params.get("period", "")
        period = chosen if chosen in PERIODS else "7d"
        questions = console.questions
        toured, done = tour_cookie(member_of(request).name), request.query_params.get("tour") == "done"
        response = pages.shown(
            request,
            "staff/home/page.html",
            work=work(console),
            trouble=gathered.sentence,
            served=served(console.overview()),
            asked=asked(questions.statistics(period), questions.slowest(period, most=5)),
            periods=PERIODS,
            period=period,
            tour=tour(console) if toured not in request.cookies and not done else (),
        )
        if done:
            secure = request.url.scheme == "https"
            seconds = KNOWN_SECONDS
            response.set_cookie(
                toured, "1", max_age=seconds, path=STAFF, secure=secure, httponly=True, samesite="strict"
            )
        return response

    return router
