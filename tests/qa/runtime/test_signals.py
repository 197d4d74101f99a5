"""Work that is not wanted any more is broken off wherever it is, once, and not after its decision."""

import signal
import threading

import pytest

from qa.runtime.signals import broken_off

SECONDS = 60.0  # that the work would take


class Unwanted(KeyboardInterrupt):
    """Nobody wants the work any more."""


def test_work_that_waits_is_broken_off_and_the_signal_means_again_what_it_meant() -> None:
    before, waits, asked = signal.getsignal(signal.SIGUSR1), threading.Event(), []

    def wanted() -> bool:
        asked.append(True)
        return len(asked) < 3

    with pytest.raises(Unwanted), broken_off(Unwanted(), wanted, every=0.01):
        waits.wait(SECONDS)
        waits.set()
    assert len(asked) == 3 and not waits.is_set() and signal.getsignal(signal.SIGUSR1) == before


def test_it_is_broken_off_once() -> None:
    waits = threading.Event()
    with broken_off(Unwanted(), lambda: False, every=0.01):
        with pytest.raises(Unwanted):
            waits.wait(SECONDS)
        waits.wait(0.2)


def test_what_was_decided_is_not_broken_off_any_more() -> None:
    unwanted = threading.Event()
    with broken_off(Unwanted(), lambda: not unwanted.is_set(), every=0.01) as settle:
        settle()
        unwanted.set()
        threading.Event().wait(0.2)


def test_another_thread_is_never_broken_off() -> None:
    outcome: list[str] = []

    def work() -> None:
        with broken_off(Unwanted(), lambda: False, every=0.01) as settle:
            threading.Event().wait(0.2)
            settle()
        outcome.append("ended")

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert outcome == ["ended"]
