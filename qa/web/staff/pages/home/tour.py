"""The tour for the first sign-in: what is done where, by the role of the member, in two minutes."""

import hashlib

from qa.staff.console import Console
from qa.staff.permissions import Role
from qa.web.http.policy import STAFF

_STEPS = (
    (
        Role.EDITOR,
        "文件",
        f"{STAFF}/files",
        "把文件拖进来，看程序读到的文字。上传的文件，发布以后市民才能问到。",
    ),
    (
        Role.EDITOR,
        "问题",
        f"{STAFF}/questions",
        "市民问了什么、哪些没有答案，都在这里。点一个问题，在原文里点选一句，就写好一条答案，请同事审核。",
    ),
    (
        Role.EDITOR,
        "检验题",
        f"{STAFF}/golden",
        "一定要答对的问题写成检验题：以后谁改文件，只要有一道答得不如现在，就不会给市民看。",
    ),
    (
        Role.PUBLISHER,
        "发布",
        f"{STAFF}/publish",
        "看新版本改了什么再给市民看；发现不对，点一个以前的版本就退回去。",
    ),
    (
        Role.ADMIN,
        "设置",
        f"{STAFF}/settings",
        "通知、暂停、咨询电话和各人的账号。先填“咨询方式”，没有答案的市民才知道找谁。",
    ),
)


def tour(console: Console) -> tuple[tuple[str, str, str], ...]:
    """Return the places that the member works at: name, address, and what is done there."""
    return tuple((name, address, words) for least, name, address, words in _STEPS if console.may(least))


def tour_cookie(name: str) -> str:
    """Return the name of the cookie that tells that this member has seen the tour in this browser."""
    return f"staff_tour_{hashlib.sha256(name.encode('utf-8', 'surrogatepass')).hexdigest()[:12]}"
