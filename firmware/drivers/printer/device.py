"""An ESC/POS printer at the end of a line: asked before, confirmed after, freed when a job went wrong."""

from __future__ import annotations

import time

from firmware.drivers.errors import PrinterAbsent, PrinterFault, PrinterMute, PrinterStalled
from firmware.drivers.printer import escpos
from firmware.drivers.printer.line import Line
from firmware.drivers.printer.port import PrinterStatus
from firmware.drivers.printer.profiles import Profile
from firmware.drivers.printer.replies import PROCESSED, query, replies, status_of

__all__ = ["EscposPrinter"]

_ANSWER_S = 0.5
"""A real-time question is answered at once, even when the printer is offline or its buffer full."""

_GLANCE_S = 0.2


class EscposPrinter:
    """The real printer; USB and TCP differ only in their line."""

    def __init__(self, line: Line, profile: Profile) -> None:
        self._line = line
        self._profile = profile
        self._is_torn = False

    @property
    def profile(self) -> Profile:
        return self._profile

    def status(self) -> PrinterStatus:
        self._line.drain()
        if self._profile.answers == "nothing":
            return PrinterStatus()
        printer = self._ask(1)
        if printer is None:  # mute: three more questions would only take time
            return PrinterStatus()
        return status_of(printer, self._ask(2), self._ask(3), self._ask(4))

    def send(self, job: bytes, *, timeout_s: float) -> None:
        deadline = time.monotonic() + timeout_s
        self._line.drain()
        if self._is_torn:
            self._free(timeout_s)
        try:
            self._line.write(job, timeout_s=timeout_s)
            self._confirm(len(job), deadline)
        except PrinterFault as fault:
            if fault.bytes_taken == 0:
                raise
            cause = self._cause(fault)
            self._is_torn = True
            if self._profile.clears:
                self._try_to_free()
            raise cause from fault

    def close(self) -> None:
        self._line.close()

    def _ask(self, kind: int) -> int | None:
        self._line.drain()
        try:
            self._line.write(query(kind), timeout_s=_ANSWER_S)
        except PrinterStalled:
            return None
        return self._answer(is_realtime=True, deadline=time.monotonic() + _ANSWER_S)

    def _answer(self, *, is_realtime: bool, deadline: float) -> int | None:
        received = b""
        while (left_s := deadline - time.monotonic()) > 0:
            received += self._line.read(timeout_s=left_s)
            for reply in replies(received):
                if reply.is_realtime == is_realtime:
                    return reply.value
        return None

    def _confirm(self, bytes_taken: int, deadline: float) -> None:
        """Return once the printer has said, as well as its model can, that the job is done."""
        try:
            match self._profile.answers:
                case "processed":
                    self._line.write(PROCESSED, timeout_s=deadline - time.monotonic())
                    is_done = self._answer(is_realtime=False, deadline=deadline) is not None
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
            self._free(_ANSWER_S)
        except PrinterFault:
            self._line.close()

    def _free(self, timeout_s: float) -> None:
        try:
            self._line.write(escpos.recovery(self._profile), timeout_s=timeout_s)
        except PrinterFault as fault:
            raise type(fault)(fault.detail) from fault  # nothing of the new job was taken
        self._is_torn = False
