"""One slip and what became of it.

Rule: bytes accepted are not a printed slip (python-escpos issue 253), and a slip that may have been printed is never
printed again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from firmware.drivers.errors import PrinterFault, PrinterMute
from firmware.drivers.printer.port import Printer

__all__ = ["PrintOutcome", "PrintReport", "print_job"]

PrintOutcome = Literal["printed", "failed", "unknown"]


@dataclass(frozen=True)
class PrintReport:
    """What became of a slip, and what hindered it."""

    outcome: PrintOutcome
    fault: PrinterFault | None = None


def print_job(printer: Printer, job: bytes, *, timeout_s: float) -> PrintReport:
    """Print one slip.

    `failed`: the printer took nothing. `unknown`: it took something and did not confirm it. A printer that does not
    answer, or says what is wrong, is given nothing: it might print it when nobody waits any more.
    """
    try:
        status = printer.status()
        fault = status.fault or (PrinterMute() if status.online is None else None)
        if fault is None:
            printer.send(job, timeout_s=timeout_s)
            return PrintReport("printed")
    except PrinterFault as raised:
        fault = raised
    return PrintReport("unknown" if fault.bytes_taken else "failed", fault)
