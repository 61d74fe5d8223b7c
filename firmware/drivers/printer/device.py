"""An ESC/POS printer at the end of a line: asked before, confirmed after, freed when a job went wrong.

Rule: nothing is queued behind a slip that is not confirmed. After one, the next is given only to a printer that says it
is free of it, or that is at least online and without a complaint where its model cannot say so.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from firmware.drivers.errors import PrinterAbsent, PrinterFault, PrinterMute
from firmware.drivers.printer import escpos
from firmware.drivers.printer.line import Line
from firmware.drivers.printer.port import PrinterStatus
from firmware.drivers.printer.profiles import Profile
from firmware.drivers.printer.questions import ANSWER_S, Questions
from firmware.drivers.printer.replies import PROCESSED

__all__ = ["EscposPrinter"]

_GLANCE_S = 0.2


class EscposPrinter:
    """The real printer; USB and TCP differ only in their line."""

    def __init__(self, line: Line, profile: Profile) -> None:
        self._line = line
        self._profile = profile
        self._questions = Questions(line, profile)
        self._is_torn = False
        """The printer may hold the rest of a job."""

    @property
    def profile(self) -> Profile:
        return self._profile

    def ask(self) -> None:
        self._questions.put()

    def status(self) -> PrinterStatus:
        return self._questions.status()

    def send(self, job: bytes, *, timeout_s: float, meanwhile: Callable[[], None] = lambda: None) -> None:
        deadline = time.monotonic() + timeout_s
        self._line.drain()
        if self._is_torn:
            self._free(timeout_s)
        try:
            # The question waits in the printer's buffer behind the job; sent with it, it costs no packet of its own.
            self._line.write(job + PROCESSED if self._profile.answers == "processed" else job, timeout_s=timeout_s)
            self._is_torn = True
            meanwhile()
            self._confirm(len(job), deadline)
        except PrinterFault as fault:
            if fault.bytes_taken == 0:
                raise
            cause = self._cause(fault)
            self._is_torn = True
            if self._profile.clears:
                self._try_to_free()
            raise cause from fault
        self._is_torn = False

    def close(self) -> None:
        self._line.close()

    def _confirm(self, bytes_taken: int, deadline: float) -> None:
        """Return once the printer has said, as well as its model can, that the job is done."""
        try:
            match self._profile.answers:
                case "processed":
                    is_done = self._questions.hears("processed", deadline=deadline)
                case "realtime":
                    is_done = self._stays_ready(bytes_taken)
                case "nothing":
                    is_done = False
        except PrinterFault as fault:
            raise type(fault)(fault.detail, bytes_taken=bytes_taken) from fault
        if not is_done:
            raise PrinterMute(bytes_taken=bytes_taken)

    def _stays_ready(self, job_bytes: int) -> bool:
        """Whether the printer has no complaint until the job's last row can be on paper."""
        rows = job_bytes * 8 / self._profile.width_dots
        done_s = time.monotonic() + rows * 25.4 / self._profile.dpi / self._profile.mm_per_s
        while (status := self.status()).online and status.fault is None:
            left_s = done_s - time.monotonic()
            if left_s <= 0:
                return True
            time.sleep(min(left_s, _GLANCE_S))
        return False

    def _cause(self, fault: PrinterFault) -> PrinterFault:
        """What the printer itself says is wrong, otherwise what we saw."""
        try:
            known = self.status().fault
        except PrinterAbsent:
            return fault
        return type(known)(bytes_taken=fault.bytes_taken) if known else fault

    def _try_to_free(self) -> None:
        """At once, so that a new roll brings no stale slip (python-escpos issue 370); otherwise before the next job."""
        try:
            self._free(ANSWER_S)
        except PrinterFault:
            self._line.close()

    def _free(self, timeout_s: float) -> None:
        """Have the printer forget, or end, what it holds of a job.

        Raises:
            PrinterFault: it is not known to have; nothing of the new job was taken.
        """
        deadline = time.monotonic() + timeout_s
        recovery = escpos.recovery(self._profile)
        try:
            if self._profile.clears:
                self._line.write(recovery, timeout_s=timeout_s)
                is_free = self._questions.hears("cleared", deadline=time.monotonic() + ANSWER_S)
            elif self._profile.answers == "processed":
                self._line.write(recovery + PROCESSED, timeout_s=timeout_s)
                is_free = self._questions.hears("processed", deadline=deadline)
            else:
                is_free = self._profile.answers == "nothing" or bool(self.status().online)
                self._line.write(recovery if is_free else b"", timeout_s=timeout_s)
        except PrinterFault as fault:
            raise type(fault)(fault.detail) from fault
        if not is_free:
            raise PrinterMute
        self._is_torn = False
