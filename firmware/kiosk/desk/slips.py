"""The kiosk's slips: each printed once, and the newest that did not come out once more if the patient asks.

Rule: paper is for somebody who stands there. A slip that did not come out is printed again on a touch alone, on the
page that shows its number, while the printer says that it is well. It is forgotten with the next ticket, when that page
is long gone, and with the process; nothing is tried by itself, and nothing waits in the printer.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

from core.edge.journal import Journal
from core.room.events import PrintOutcome
from core.room.ids import Number, TicketId
from firmware.drivers.printer import Printer, PrintReport, print_job
from firmware.drivers.printer.escpos import encode
from firmware.kiosk.code import qr_code
from firmware.kiosk.desk.health import PrinterHealth
from firmware.kiosk.desk.slip import Slip, draw
from firmware.kiosk.dialogue.pages import NotPrinted, Taken

__all__ = ["Drawn", "Given", "Slips"]

_PRINT_S = 8.0
"""A slip takes one to three seconds; a printer that says nothing for this long will not."""
_OWED_S = 300.0
"""A patient who still touches the page of a number after this long has another trouble."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A slip, ready for the printer."""

    number: Number
    url: str
    job: bytes
    mm: float
    """Paper that it takes."""


@dataclass(frozen=True, slots=True)
class Given:
    """What became of a slip, and what the patient sees of it."""

    ticket: TicketId
    outcome: PrintOutcome
    page: Taken | NotPrinted


@dataclass(frozen=True, slots=True)
class _Owed:
    ticket: TicketId
    drawn: Drawn
    is_sure: bool
    """Whether it surely has not come out so far."""
    until_s: float


class Slips:
    """Of one printer."""

    def __init__(self, printer: Printer, facts: Journal) -> None:
        """
        Args:
            facts: where the count of the roll is kept.
        """
        self._printer = printer
        self._owed: _Owed | None = None
        self.health = PrinterHealth(printer, facts)

    @property
    def model(self) -> str:
        """The printer's, as its profile is called."""
        return self._printer.profile.name

    def get_ready(self, url: str) -> None:
        """Make the code of the next slip while nobody waits for one."""
        qr_code(url, self._printer.profile.width_dots)

    def suspect(self) -> None:
        """A kiosk that is gone may have left part of a slip, which must neither come out later nor before the next."""
        self._printer.suspect()

    def ask(self) -> None:
        """Ask the printer how it is: it answers while the number goes to the disk."""
        self._printer.ask()

    def draw(self, slip: Slip) -> Drawn:
        picture = draw(slip, self._printer.profile)
        mm = self._printer.profile.slip_mm(picture.height)
        return Drawn(Number(slip.number), slip.url, encode(picture, self._printer.profile), mm)

    def give(self, ticket: TicketId, drawn: Drawn) -> Given:
        """Print the slip of a new ticket; whatever was owed before is not, any more."""
        self._owed = None
        report = self._print(drawn)
        return self._given(ticket, drawn, PrintOutcome(report.outcome), is_sure=report.outcome == "failed")

    @property
    def can_give_again(self) -> bool:
        """Whether a slip is owed to somebody, and the printer says that it is well."""
        return self._still_owed() is not None and self.health.is_well

    def give_again(self, number: Number) -> Given | None:
        """Print the slip that is owed; None if it is not this one, or no longer."""
        owed = self._still_owed()
        if owed is None or owed.drawn.number != number:
            return None
        report = self._print(owed.drawn)
        if report.outcome == "printed":
            self._owed = None
            return self._given(owed.ticket, owed.drawn, PrintOutcome.REPRINTED, is_sure=True)
        is_sure = owed.is_sure and report.outcome == "failed"
        outcome = PrintOutcome.FAILED if is_sure else PrintOutcome.UNKNOWN
        return self._given(owed.ticket, owed.drawn, outcome, is_sure=is_sure)

    def try_printer(self, slip: Slip) -> PrintReport:
        """Print a slip that is no ticket's, for a technician."""
        return self._print(self.draw(slip))

    def _still_owed(self) -> _Owed | None:
        return self._owed if self._owed and time.monotonic() < self._owed.until_s else None

    def _given(self, ticket: TicketId, drawn: Drawn, outcome: PrintOutcome, *, is_sure: bool) -> Given:
        if outcome in {PrintOutcome.PRINTED, PrintOutcome.REPRINTED}:
            return Given(ticket, outcome, Taken(drawn.number))
        self._owed = _Owed(ticket, drawn, is_sure, time.monotonic() + _OWED_S)
        return Given(ticket, outcome, NotPrinted(drawn.number, drawn.url, is_sure))

    def _print(self, drawn: Drawn) -> PrintReport:
        report = print_job(self._printer, drawn.job, timeout_s=_PRINT_S)
        self.health.printed(report, drawn.mm)
        return report
