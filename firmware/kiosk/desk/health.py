"""What is wrong with this kiosk, as alerts that a technician reads from afar: each says what to do."""

from __future__ import annotations

import re

from core.edge.journal import Journal
from core.wire.messages import Alert
from firmware.drivers.errors import PaperOut, PrinterFault, PrinterMute, PrinterStalled
from firmware.drivers.printer import Printer, PrintReport
from firmware.kiosk.desk.roll import Roll, recalled, seen, slips_left

__all__ = ["PrinterHealth"]

_LOOK_EVERY_S = 10.0
_LOOK_AT_FAULT_EVERY_S = 2.0
_FEW_SLIPS = 50
"""An hour of a busy evening and more: time enough to fetch a roll."""
_ROLL = "roll"


class PrinterHealth:
    """What is known of the printer between two slips.

    A fault lasts until the printer says that it is well; a slip that it let hang without a word, until one is printed.
    """

    def __init__(self, printer: Printer, facts: Journal) -> None:
        """
        Args:
            facts: where the count of the roll is kept; it reaches the disk with the next entry: every slip has one.
        """
        self._printer = printer
        self._facts = facts
        self._roll = recalled(facts.recall(_ROLL))
        self._fault: PrinterFault | None = None
        self._doubt: PrinterFault | None = None
        """Of the newest slip: the printer let it hang, and may say that all is well."""
        self._is_low = False
        self._next_s = float("-inf")

    @property
    def is_well(self) -> bool:
        """Whether it says so, or nothing yet."""
        return self._fault is None

    @property
    def slips_left(self) -> int | None:
        """About how many the roll is good for; None while nobody can know."""
        return slips_left(self._roll, self._printer.profile.roll_m)

    @property
    def alerts(self) -> list[Alert]:
        if fault := self._fault or self._doubt:
            return [Alert(code=_kebab(type(fault).__name__), detail=str(fault))]
        left = self.slips_left
        if not self._is_low and (left is None or left >= _FEW_SLIPS):
            return []
        count = "the roll is near its end" if left is None else f"about {left} slips left on the roll"
        advice = "when nobody waits open the cover, put in a new roll, close the cover"
        return [Alert(code="paper-low", detail=f"{count}; {advice}")]

    def printed(self, report: PrintReport, slip_mm: float) -> None:
        """Take in what became of a slip, before it is noted on the disk."""
        self._fault = report.fault
        if report.outcome != "failed":
            self._doubt = report.fault if isinstance(report.fault, PrinterMute | PrinterStalled) else None
        if report.outcome != "failed" and self._roll is not None:
            self._remember(self._roll.less(slip_mm))
        if isinstance(report.fault, PaperOut):
            self._remember(seen(self._roll, has_paper=False))
        self._next_s = float("-inf")

    def look(self, now_s: float) -> None:
        """Ask the printer now and then, and after each slip; two seconds at the most, so never while somebody waits.

        Args:
            now_s: monotonic seconds of the kiosk's clock.
        """
        if now_s < self._next_s:
            return
        try:
            status = self._printer.status()
        except PrinterFault as fault:
            self._fault = fault
        else:
            self._is_low = status.paper == "low"
            if status.paper is not None:
                self._remember(seen(self._roll, has_paper=status.paper != "out"))
            if status.fault or status.online:
                self._fault = status.fault
        self._next_s = now_s + (_LOOK_AT_FAULT_EVERY_S if self._fault else _LOOK_EVERY_S)

    def _remember(self, roll: Roll | None) -> None:
        self._roll = roll
        if roll is not None:
            self._facts.remember(_ROLL, roll.fact)


def _kebab(name: str) -> str:
    """`PaperOut` as `paper-out`."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "-", name).lower()
