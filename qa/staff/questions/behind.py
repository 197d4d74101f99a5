"""Groups new questions for a short time at once, and the rest behind the page."""

import logging
import threading
import time

from qa.bootstrap.errors import EXPECTED
from qa.staff.questions.todo import Todo
from qa.storage.database import DatabaseError

logger = logging.getLogger(__name__)

# Seconds that opening a page may spend on new questions.
AT_FIRST = 0.2
_GATHERING = threading.Lock()
_FAILURES: tuple[type[Exception], ...] = (*EXPECTED, OSError, DatabaseError)


def gather(todo: Todo) -> int:
    """Put new questions into groups. The rest continues in the background; return how many are left."""
    if not _GATHERING.acquire(blocking=False):
        return todo.gather(seconds=0)
    try:
        left = todo.gather(seconds=AT_FIRST)
    finally:
        _GATHERING.release()
    if left:
        threading.Thread(target=_go_on, args=[todo], name="gathering", daemon=True).start()
    return left


def _go_on(todo: Todo) -> None:
    if _GATHERING.acquire(blocking=False):
        try:
            while todo.gather(seconds=AT_FIRST):
                time.sleep(AT_FIRST)  # leaves half of the time to citizens and colleagues
        except _FAILURES as error:
            logger.error("New questions are not gathered to their end: %s", error)
        finally:
            _GATHERING.release()
