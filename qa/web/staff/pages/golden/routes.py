"""The routes of the page 检验题: the list with its panel, and what its buttons do."""

from collections.abc import Callable, Mapping, Sequence

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from qa.bootstrap.errors import EXPECTED
from qa.staff.console import Console
from qa.staff.quality.golden import GoldenRow
from qa.staff.quality.golden_proposals import Proposal
from qa.web.staff.pages.addresses import viewed
from qa.web.staff.pages.frame import Body, Form, Outcome, Pages, acted, done_before, form_of, is_own, member_of
from qa.web.staff.pages.golden.fields import entry_of, typed
from qa.web.staff.pages.golden.panel import Panel, panel
from qa.web.staff.pages.golden.starts import MOST_DOCUMENTS, starts, uncovered
from qa.web.staff.pages.golden.view import ADDRESS, SHELVES, UNCOVERED, View, found, view_of
from qa.web.staff.pages.marks import mark_of

# It looks for other passages and changes nothing; as a button of the form it leaves what was typed.
FIND = "find"
SAID: Mapping[str, str] = {
    "save": "已提交，等另一位有“发布”角色的同事同意；他的首页会列出来",
    "remove": "已提议删除，等另一位有“发布”角色的同事同意",
    "approve": "已同意，已生效；下次发布起按此检验",
    "reject": "没有同意，检验题不变",
    "back": "已撤回，检验题不变",
}


def _save(console: Console, form: Form) -> Proposal:
    entry = entry_of(console, form, [mark_of(text) for text in form.texts("mark")])
    why = form.text("why")
    if form.text("proposal"):
        return console.golden.revise(form.number("proposal"), form.number("seen"), entry, why=why)
    if form.text("id"):
        return console.golden.propose_change(form.text("id"), form.text("version"), entry, why=why)
    return console.golden.propose(entry, why=why)


def _remove(console: Console, form: Form) -> Proposal:
    return console.golden.propose_removal(form.text("id"), form.text("version"), why=form.text("why"))


def _approve(console: Console, form: Form) -> Proposal:
    return console.golden.approve(form.number("proposal"), form.number("seen"))


def _reject(console: Console, form: Form) -> Proposal:
    return console.golden.reject(form.number("proposal"), form.number("seen"), why=form.text("why"))


def _back(console: Console, form: Form) -> Proposal:
    return console.golden.take_back(form.number("proposal"), form.number("seen"))


_view = viewed(View, view_of)
ACTIONS: Mapping[str, Callable[[Console, Form], Proposal]] = {
    "save": _save,
    "remove": _remove,
    "approve": _approve,
    "reject": _reject,
    "back": _back,
}


def routes(pages: Pages) -> APIRouter:
    """Return the routes. The guard admits only staff; the console decides what each member may do."""
    router = APIRouter(include_in_schema=False)

    @router.get(ADDRESS)
    def golden(request: Request) -> Response:
        return _page(pages, request, outcome=done_before(request, SAID))

    @router.post(ADDRESS)
    def act(request: Request, body: Body) -> Response:
        sent = form_of(body)
        if sent.text("do") == FIND and is_own(request, sent):
            return _page(pages, request, outcome=Outcome(True), sent=sent)

        def act(form: Form) -> str:
            name = form.pressed(of=ACTIONS)
            one = ACTIONS[name](pages.console(request), form)
            shown = {"proposal": str(one.id)} if name in ("save", "remove") else {"id": one.golden}
            gone = name in ("reject", "back") and one.before is None or name == "approve" and one.after is None
            return _view(request).opening(**({} if gone else shown), done=name)

        form, outcome, to = acted(request, body, act)
        return RedirectResponse(to, 303) if outcome.done else _page(pages, request, outcome=outcome, sent=form)

    return router


def _page(pages: Pages, request: Request, *, outcome: Outcome, sent: Form | None = None) -> Response:
    """Return the whole page; what was typed into a form that was refused stays in it."""
    console, view = pages.console(request), _view(request)
    trouble, status = "" if outcome.done else outcome.sentence, outcome.status
    golden: list[GoldenRow] = []
    proposals: Sequence[Proposal] = ()
    opened: Panel | None = None
    try:
        golden, proposals = console.golden.rows(), console.golden.proposals()
        fields = typed(sent) if sent is not None and sent.text("do") in ("save", FIND) else None
        opened = panel(console, golden, proposals, view, who=member_of(request).name, sent=fields)
    except EXPECTED as error:
        if not trouble:
            trouble, status = str(error), 404
    listed, counts = found(golden, proposals, view)
    documents = uncovered(console, view)
    return pages.shown(
        request,
        "staff/golden/page.html",
        status=status,
        view=view,
        shelves=_shelves(view, counts, len(documents)),
        found=listed,
        documents=documents[:MOST_DOCUMENTS] if view.shelf == UNCOVERED else None,
        starts=starts(console, golden, view) if view.new and opened and opened.is_new else None,
        right=sum(bool(row.published and row.published.acceptable) for row in golden),
        asked=len(golden),
        four_eyes=pages.settings.four_eyes,
        panel=opened,
        typed=sent or Form({}),
        said=outcome.sentence if outcome.done else "",
        trouble=trouble,
    )


def _shelves(view: View, counts: Mapping[str, int], documents: int) -> list[tuple[str, str, int, bool]]:
    """Return the parts of the list: name, address, how many there are, and whether it is this one."""
    shown = [(name, View(shelf=key).address(), counts[key], key == view.shelf) for key, (name, _) in SHELVES.items()]
    return [*shown, ("没有检验题的文件", View(shelf=UNCOVERED).address(), documents, view.shelf == UNCOVERED)]
