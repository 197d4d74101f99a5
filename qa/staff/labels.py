"""Words of staff for the words of programs: what staff did and how it ended, how files stand, what changed."""

import re
from collections.abc import Mapping

from qa.storage.audit import Row

ACTIONS: Mapping[str, str] = {
    "refresh": "刷新",
    "publish": "发布",
    "cancel": "停下刷新",
    "prune": "清理旧版本",
    "upload": "上传文件",
    "edit": "改文件项目",
    "delete": "删除文件",
    "leave out": "先不发布",
    "put back": "放回发布",
    "withdraw": "停止引用",
    "reinstate": "恢复引用",
    "setting": "改设置",
    "sign in": "登录",
    "sign out": "退出",
    "account list": "查看账号",
    "account add": "新建账号",
    "account role": "改角色",
    "account password": "改密码",
    "account remove": "删除账号",
    "account sign out": "退出所有设备",
    "account two-step": "两步登录",
    "account identity": "改统一登录名",
    "todo": "待办",
    "review": "人工答案",
    "golden": "检验题",
    "export": "导出",
    "download": "下载",
    "expire": "到期删除",
    "forget": "应要求删除问答记录",
    "audit": "核对日志",
    "rates": "计算错误率",
    "look": "查看",
    "backup": "备份",
    "restore": "恢复备份",
}
OUTCOMES: Mapping[str, str] = {
    "begun": "开始",
    "done": "完成",
    "unchanged": "没有变化",
    "published": "已发布",
    "published in spite of the golden questions": "检验未通过，强行发布",
    "refused": "没有发布",
    "waits": "等另一位同意",
    "not allowed": "没有权限",
    "log does not match": "日志与校验记录不符",
    "sealed": "已封记",
    "acknowledged": "已看过不符之处",
    "failed": "没有成功",
    "interrupted": "停下",
}
# How files stand: in a reading of the folder, and in the list beside the published snapshot.
FILES: Mapping[str, str] = {
    "indexed": "已收录",
    "unchanged": "未变",
    "out_of_force": "不在有效期",
    "new": "待刷新（新增）",
    "changed": "待刷新（改过）",
    "removed": "待刷新（已删除）",
    "left_out": "先不发布",
    "quarantined": "读不出（已隔离）",
    "failed": "读不出",
}
# What became of documents between two snapshots.
CHANGES: Mapping[str, str] = {"added": "新增", "changed": "修改", "removed": "删除"}

# What an action was done to, by the action; the log and its file keep the program's own words.
_TARGETS: Mapping[str, Mapping[str, str]] = {
    "golden": {
        "propose": "提出",
        "revise": "改提议",
        "approve": "同意",
        "reject": "不同意",
        "take back": "撤回",
        "add": "新增",
        "change": "修改",
        "remove": "删除",
    },
    "review": {"write": "写", "change": "改", "approve": "审核通过", "discard": "放弃", "withdraw": "停用"},
    "todo": {
        "separate": "分出",
        "take up": "列为待办",
        "done": "办完，检验题",
        "proposal": "提议",
        "approved by": "，同意的人",
        "reopen": "重新打开",
        "change": "改",
        "close": "不用办",
        "state": "状态",
        "assignee": "经办人",
    },
    "account two-step": {
        "begin": "开始开通",
        "on": "开通",
        "off": "关闭",
        "new recovery codes": "换恢复码",
        "reset": "重置",
    },
    "account add": {"editor": "编辑", "publisher": "发布", "admin": "管理"},
    "account role": {"editor": "编辑", "publisher": "发布", "admin": "管理"},
}
# What is done to a file of the server, which staff know by its name alone.
_FILED = frozenset({"backup", "restore", "download"})
# The whole text of a golden question, before and after.
_TEXT = re.compile(r" (?:to|was) \{.*", re.DOTALL)

# The log's word for a refused action, by the method's full name. What every role may do is "look".
_REFUSED: Mapping[str, str] = {
    "Console.refresh": "refresh",
    "Console.cancel": "cancel",
    "Console.seal": "audit",
    "Console.acknowledge": "audit",
    "Snapshots.publish": "publish",
    "Snapshots.prune": "prune",
    "Backups.backup": "backup",
    "Backups.backups": "backup",
    "Backups.backup_here": "backup",
    "Backups.download_backup": "download",
    "Backups.restore": "restore",
    "DocumentWithdrawals.withdraw": "withdraw",
    "DocumentWithdrawals.look_behind": "withdraw",
    "DocumentWithdrawals.reinstate": "reinstate",
    "DocumentFiles.delete": "delete",
    "DocumentsLeftOut.leave_out": "leave out",
    "DocumentsLeftOut.put_back": "put back",
    "QuestionLog.forget": "forget",
    "Trials.rates": "rates",
    "RuntimeSettings.change": "setting",
    "GoldenReview.approve": "golden",
    "GoldenReview.reject": "golden",
    "ReviewedAnswerManagement.approve": "review",
    "ReviewedAnswerManagement.withdraw": "review",
    "StaffAccounts.list": "account list",
    "StaffAccounts.add": "account add",
    "StaffAccounts.set_role": "account role",
    "StaffAccounts.set_password": "account password",
    "StaffAccounts.set_identity": "account identity",
    "StaffAccounts.remove": "account remove",
    "StaffAccounts.sign_out_everywhere": "account sign out",
    "StaffAccounts.reset_second_step": "account two-step",
}
_LOOK = "look"


def refused(method: str) -> str:
    """Return the log's word for a refused action; `method` is its full name."""
    return _REFUSED.get(method, _LOOK)


def action(row: Row) -> str:
    """Return what was done, in words for staff; the program's own word if there is no other."""
    return ACTIONS.get(row.action, row.action)


def outcome(row: Row) -> str:
    """Return how it ended, and why if the log says so."""
    word, colon, why = row.outcome.partition(": ")
    return f"{OUTCOMES.get(word, word)}{'：' if colon else ''}{why}"


def target(row: Row) -> str:
    """Return what it was done to, in words for staff; names stay as they are."""
    if row.action in _FILED:
        return row.target.rpartition("/")[2]
    words = _TARGETS.get(row.action)
    if words is None:
        return row.target
    longest_first = "|".join(sorted(words, key=len, reverse=True))
    return re.sub(rf"(?<![\w-])(?:{longest_first})(?![\w-])", lambda found: words[found[0]], _TEXT.sub("", row.target))
