"""The page 更多: what staff need now and then, each with what it is for."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from qa.web.http.policy import STAFF
from qa.web.staff.pages.frame import Pages

ADDRESS = f"{STAFF}/more"
# Name, address, and what it is for.
PLACES = (
    ("问答记录", f"{STAFF}/log", "市民的每一次提问和得到的回答，按日期、结果、评价查找，导出成表格。"),
    ("人工答案", f"{STAFF}/answers", "工作人员写的全部答案，不论从哪里写起：修改、审核、停用。"),
    ("试一试", f"{STAFF}/trial", "问一句，看找到了哪些段落、各得几分、市民会看到什么；只是试验，不影响服务。"),
    ("审计", f"{STAFF}/audit", "谁在什么时候做了什么，记录有没有被改动，可以导出。"),
    ("备份", f"{STAFF}/backups", "把文件、检验题、版本、问答记录和日志存成一个文件，可以下载。"),
)


def routes(pages: Pages) -> APIRouter:
    """Return the route. The guard admits only staff."""
    router = APIRouter(include_in_schema=False)

    @router.get(ADDRESS)
    def more(request: Request) -> Response:
        return pages.shown(request, "staff/more/page.html", links=PLACES)

    return router
