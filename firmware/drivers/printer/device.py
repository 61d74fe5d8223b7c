"""An ESC/POS printer at the end of a line: asked before, confirmed after, freed when a job went wrong.

Rule: nothing is queued behind a slip that is not confirmed, and no slip waits in a printer, or on the way to it, for
better times. It is given in pieces, so that one that stops never has the whole. A model that can forget what it has
swallowed is told to; one that cannot is given its pieces as it prints them.
"""

from __future__ import annotations

import math
import time

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

    def send(self, job: bytes, *, timeout_s: float) -> None:
        deadline = time.monotonic() + timeout_s
        self._line.drain()
        if self._is_torn:
            self._free(timeout_s)
        try:
            self._give(job, deadline)
        except PrinterFault as fault:
            if fault.bytes_taken == 0:
                raise
            cause = self._cause(fault)
            self.suspect()
            raise cause from fault
        self._is_torn = False

    def suspect(self) -> None:
        self._is_torn = True
        if self._profile.clears:
            self._try_to_free()

    def close(self) -> None:
        self._line.close()

    def _give(self, job: bytes, deadline: float) -> None:
        """Each piece only to a printer that has answered after the one before, and is well.

        The question whether it is done waits behind the last one in the printer's buffer; sent with it, it costs no
        packet of its own.
        """
        is_asked_behind = self._profile.answers == "processed"
        pieces = list(escpos.pieces(job, self._rows_at_once(job)))
        taken, printed_s = 0, time.monotonic()
        for place, (piece, rows) in enumerate(pieces, 1):
            is_last = place == len(pieces)
            question = PROCESSED if is_asked_behind and is_last else b""
            try:
                self._line.write(piece + question, timeout_s=deadline - time.monotonic())
            except PrinterFault as fault:
                raise type(fault)(fault.detail, bytes_taken=taken + fault.bytes_taken) from fault
            self._is_torn = True
            taken += len(piece)
            begins_s = max(printed_s, time.monotonic())
            printed_s = begins_s + rows * 25.4 / self._profile.dpi / self._profile.mm_per_s
            if not is_last:
                self._has_no_complaint(taken, until_s=0.0 if self._profile.clears else begins_s)
        if is_asked_behind:
            self._confirm(taken, deadline)
        else:
            self._has_no_complaint(taken, until_s=printed_s)

    def _rows_at_once(self, job: bytes) -> int:
        """What the printer is given before it has to answer again.

        Half the slip, in whole strips, where it could be told to forget that: the cut and most of the code come after.
        """
        half = len(job) * 8 // self._profile.width_dots // 2
        return escpos.STRIP_ROWS * (math.ceil(half / escpos.STRIP_ROWS) if self._profile.clears else 1)

    def _confirm(self, bytes_taken: int, deadline: float) -> None:
        """Return once the printer has said that the job is done."""
        try:
            is_done = self._questions.hears_the_end(deadline=deadline)
        except PrinterFault as fault:
            raise type(fault)(fault.detail, bytes_taken=bytes_taken) from fault
        if not is_done:
            raise PrinterMute(bytes_taken=bytes_taken)

    def _has_no_complaint(self, bytes_taken: int, *, until_s: float) -> None:
        """Return at a monotonic second, if the printer is online and well until then; it is asked once at the least."""
        opening = self._line.openings
        try:
            while (status := self.status()).online and status.fault is None:
                if self._line.openings != opening:
                    raise PrinterAbsent("lost and back within a slip")
                left_s = until_s - time.monotonic()
                if left_s <= 0:
                    return
                time.sleep(min(left_s, _GLANCE_S))
        except PrinterFault as fault:
            raise type(fault)(fault.detail, bytes_taken=bytes_taken) from fault
        raise PrinterMute(bytes_taken=bytes_taken)

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
                is_free = self._questions.hears_the_end(deadline=deadline)
            else:
                is_free = bool(self.status().online)
                self._line.write(recovery if is_free else b"", timeout_s=timeout_s)
        except PrinterFault as fault:
            raise type(fault)(fault.detail) from fault
        if not is_free:
            raise PrinterMute
        self._is_torn = False
