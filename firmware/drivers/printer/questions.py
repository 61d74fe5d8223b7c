"""Asking an ESC/POS printer: every question has its time, and an answer is believed only if it can be told apart.

Rule: what came unasked is drained before a question is put.
"""

from __future__ import annotations

import contextlib
import time

from firmware.drivers.errors import PrinterAbsent, PrinterFault, PrinterStalled
from firmware.drivers.printer.line import Line
from firmware.drivers.printer.port import PrinterStatus
from firmware.drivers.printer.profiles import Profile
from firmware.drivers.printer.replies import QUERIES, Kind, is_offline, replies, status_of

__all__ = ["ANSWER_S", "Questions"]

ANSWER_S = 0.5
"""A real-time question is answered at once, even when the printer is offline or its buffer full.

Also the age up to which an answer is believed: paper that ends after it would as well have ended in the slip.
"""
_AT_ONCE_S = 0.01
_GLANCE_S = 0.5
"""How often a printer that works on a slip is asked whether it has stopped: so soon the patient sees the number."""
_MUTE_S = 3.0
"""A printer at work that answers nothing at all for so long will not say how it ended."""


class Questions:
    """Of one printer."""

    def __init__(self, line: Line, profile: Profile) -> None:
        self._line = line
        self._profile = profile
        self._is_asked_together = profile.answers_together
        self._asked_s: float | None = None
        """When the questions were put whose answers nobody has read yet."""

    def put(self) -> None:
        """Put the questions of the next `status` ahead, where that takes no time."""
        if self._is_asked_together and self._line.is_open:
            with contextlib.suppress(PrinterFault):  # `status` meets it as well
                self._asked_s = self._put(_AT_ONCE_S)

    def status(self) -> PrinterStatus:
        """
        Raises:
            PrinterAbsent: nothing there to ask.
        """
        if self._is_asked_together:
            answers = self._all_answers()
            if not answers:
                return PrinterStatus()
            if len(answers) == len(QUERIES):
                return status_of(*answers)
            self._is_asked_together = False  # of fewer than were asked nobody can say which they are
        printer = self._ask(QUERIES[0])
        if printer is None:  # mute: three more questions would only take time
            return PrinterStatus()
        return status_of(printer, *(self._ask(query) for query in QUERIES[1:]))

    def hears(self, kind: Kind, *, deadline: float) -> bool:
        """Whether such an answer comes until a monotonic second."""
        return bool(self._answers(kind, 1, deadline=deadline))

    def hears_the_end(self, *, deadline: float) -> bool:
        """Whether the question behind a job is answered, until a monotonic second and before the printer goes offline.

        What else comes meanwhile is not drained: the answer may be among it.
        """
        received = b""
        heard_s = time.monotonic()
        glance_s = heard_s + _GLANCE_S
        while (now_s := time.monotonic()) < min(deadline, heard_s + _MUTE_S):
            if now_s >= glance_s:
                with contextlib.suppress(PrinterStalled):  # it takes nothing more: the time will be over
                    self._line.write(QUERIES[0], timeout_s=_AT_ONCE_S)
                glance_s = now_s + _GLANCE_S
            if answer := self._line.read(timeout_s=min(deadline, glance_s) - now_s):
                received, heard_s = received + answer, time.monotonic()
            heard = list(replies(received))
            if any(reply.kind == "processed" for reply in heard):
                return True
            if any(reply.kind == "realtime" and is_offline(reply.value) for reply in heard):
                return False
        return False

    def _all_answers(self) -> list[int]:
        asked_s, self._asked_s = self._asked_s, None
        if asked_s is not None and time.monotonic() - asked_s < ANSWER_S:
            with contextlib.suppress(PrinterAbsent):  # the printer has closed the connection since
                return self._answers("realtime", len(QUERIES), deadline=asked_s + ANSWER_S)
        try:
            asked_s = self._put(ANSWER_S)
        except PrinterStalled:
            return []
        return self._answers("realtime", len(QUERIES), deadline=asked_s + ANSWER_S)

    def _put(self, timeout_s: float) -> float:
        """Put all questions; returns when."""
        self._line.drain()
        self._line.write(b"".join(QUERIES), timeout_s=timeout_s)
        return time.monotonic()

    def _ask(self, query: bytes) -> int | None:
        self._line.drain()
        try:
            self._line.write(query, timeout_s=ANSWER_S)
        except PrinterStalled:
            return None
        return next(iter(self._answers("realtime", 1, deadline=time.monotonic() + ANSWER_S)), None)

    def _answers(self, kind: Kind, count: int, *, deadline: float) -> list[int]:
        """So many answers, or more if they came together; fewer when the time is over."""
        received = b""
        answers: list[int] = []
        while len(answers) < count and (left_s := deadline - time.monotonic()) > 0:
            received += self._line.read(timeout_s=left_s)
            answers = [reply.value for reply in replies(received) if reply.kind == kind]
        return answers
