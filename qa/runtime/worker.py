"""Runs a task in a process of its own; the caller waits for it, and it never outlives the caller."""

import signal
import traceback
from collections.abc import Callable
from multiprocessing import get_context, parent_process
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess

from corpus.conversion.parent_death import end_with_parent
from qa.runtime import logs
from qa.runtime.settings import Settings
from qa.runtime.signals import told_to_end

# Seconds to record that it was interrupted; a batch of vectors or a conversion is not waited for.
END_SECONDS = 10.0


class AsideEnded(Exception):
    """The process of the task ended without a result, mostly for lack of memory."""


def aside(task: Callable[[Settings], str], settings: Settings) -> str:
    """Return the result of the task, which runs in another process.

    Raises what the task raises, `AsideEnded`, and KeyboardInterrupt for any signal that asks this process to end.
    """
    context = get_context("spawn")
    receiving, sending = context.Pipe(duplex=False)
    process = context.Process(target=_work, args=(task, settings, sending), daemon=True)
    with told_to_end():
        try:
            process.start()
            sending.close()
            outcome = receiving.recv()
        except EOFError as error:
            process.join()
            raise AsideEnded(f"单独的进程异常结束（{process.exitcode}），可能是内存不足；请查看内存后重试") from error
        finally:
            _end(process)
            receiving.close()
    if isinstance(outcome, BaseException):
        raise outcome
    return str(outcome)


def _end(process: BaseProcess) -> None:
    if process.pid is None:
        return
    process.terminate()
    process.join(END_SECONDS)
    process.kill()
    process.join()


def _work(task: Callable[[Settings], str], settings: Settings, sending: Connection) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # these reach the parent, which ends this process
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    end_with_parent()
    parent = parent_process()
    if parent is None or not parent.is_alive():
        return
    logs.configure(settings.log_format)
    with told_to_end():
        outcome: str | BaseException
        try:
            outcome = task(settings)
        except KeyboardInterrupt:
            return
        except Exception as error:  # the caller decides about it
            error.add_note(traceback.format_exc())
            outcome = error
    sending.send(outcome)
