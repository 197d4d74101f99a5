"""Writes sign-ins, sign-outs and failures into the audit log; the event loop does not wait for it."""

import asyncio
import logging
import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

from qa.runtime.settings import Settings, SettingsError
from qa.staff.accounts.accounts import Accounts
from qa.staff.accounts.failed_sign_ins import FailedSignIns
from qa.storage.audit import FAILED, Audit, AuditBusy
from qa.storage.database import DatabaseError, DatabaseUnfit, database_of

logger = logging.getLogger(__name__)

MOST_NAMES = 100  # names that wait to be counted
PASSWORD_WRONG, CODE_WRONG = "用户名或密码不对", "密码对，验证码不对"
SIGN_ON_FAILED, SIGN_ON_UNKNOWN = "统一身份认证没有证明是谁", "统一身份认证的人没有账号，或账号不许"
CAUSES = (PASSWORD_WRONG, CODE_WRONG, SIGN_ON_FAILED, SIGN_ON_UNKNOWN)


class DoorLog:
    """The audit log as sign-in uses it. A row that cannot be written is reported and keeps nobody out."""

    def __init__(self, settings: Settings) -> None:
        self._audit = Audit.of(settings)
        self._accounts = Accounts(database_of(settings))
        # One thread of its own: rows are written in order, and passwords are not checked in it.
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="door-log")
        self._failures = {what: FailedSignIns() for what in CAUSES}
        self._waiting: Counter[tuple[str, str]] = Counter()
        self._lock = threading.Lock()

    async def __call__(self, who: str, action: str, why: str) -> None:
        """Write a row; return when it is on the disk."""
        await self._apart(lambda: self._audit.add(who, action, why=why))

    def failed(self, name: str, what: str = PASSWORD_WRONG) -> None:
        """Have a failed sign-in counted, by what was wrong, and logged if it is due; nobody waits for it.

        The response must not wait either: its time would reveal which names have an account.
        """
        with self._lock:
            begin, known = not self._waiting, (name, what) in self._waiting
            self._waiting[name if known or len(self._waiting) < MOST_NAMES else "", what] += 1
        if begin:
            self._thread.submit(_reported, self._count)

    def _count(self) -> None:
        with self._lock:
            waiting, self._waiting = self._waiting, Counter()
        accounts = [account.name for account in self._accounts.list()]
        for (name, what), times in waiting.items():
            noted = self._failures[what].note(name, times, accounts, datetime.now(UTC))
            if noted:
                told = f"{FAILED}: {what}，10分钟内第{noted.count}次"
                self._audit.add(noted.who, "sign in", outcome=told)

    async def _apart(self, work: Callable[[], object]) -> None:
        await asyncio.get_running_loop().run_in_executor(self._thread, _reported, work)


def _reported(work: Callable[[], object]) -> None:
    try:
        work()
    except (OSError, AuditBusy, SettingsError, DatabaseError, DatabaseUnfit) as error:
        # A full disk must not keep out those who can make room.
        logger.error("What happened at the door is not in the audit log: %s", error)
