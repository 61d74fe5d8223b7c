"""A printer that is waited for on a thread of its own: who uses it goes on meanwhile with what cannot wait.

A slip may take 8 s, and a mute printer 2 s to be known as such; a call for help is made within half a second.

Rule: the calls reach the printer one after the other, and no driver knows of it.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from functools import partial
from typing import TypeVar

from firmware.drivers.printer import Printer, PrinterStatus
from firmware.drivers.printer.profiles import Profile

__all__ = ["AttendedPrinter"]

_GLANCE_S = 0.1

ResultT = TypeVar("ResultT")


class AttendedPrinter:
    """Used from one thread, as any other."""

    def __init__(self, printer: Printer, attend: Callable[[], None]) -> None:
        """
        Args:
            attend: called again and again on the thread of whoever waits for the printer.
        """
        self._printer = printer
        self._attend = attend
        self._hand = ThreadPoolExecutor(1, "printer")

    @property
    def profile(self) -> Profile:
        return self._printer.profile

    def ask(self) -> None:
        self._printer.ask()

    def status(self) -> PrinterStatus:
        return self._attended(self._printer.status)

    def send(self, job: bytes, *, timeout_s: float) -> None:
        self._attended(partial(self._printer.send, job, timeout_s=timeout_s))

    def suspect(self) -> None:
        self._attended(self._printer.suspect)

    def close(self) -> None:
        self._printer.close()

    def _attended(self, work: Callable[[], ResultT]) -> ResultT:
        future = self._hand.submit(work)
        while not wait([future], _GLANCE_S).done:
            self._attend()
        return future.result()
