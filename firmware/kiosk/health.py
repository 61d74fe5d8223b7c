"""What is wrong with this kiosk, as alerts that a technician reads from afar."""

from __future__ import annotations

import re

from core.wire.messages import Alert
from firmware.drivers.errors import PrinterFault
from firmware.drivers.printer import Printer, PrintReport

__all__ = ["PrinterHealth", "alert"]

_LOOK_EVERY_S = 10.0
_LOOK_AT_FAULT_EVERY_S = 2.0
_DETAIL = 200


class PrinterHealth:
    """What is known of the printer between two slips. A fault lasts until the printer says that it is well."""

    def __init__(self, printer: Printer) -> None:
        self._printer = printer
        self._fault: PrinterFault | None = None
        self._is_low = False
        self._next_s = float("-inf")

    @property
    def alerts(self) -> list[Alert]:
        if self._fault:
            return [alert(_kebab(type(self._fault).__name__), str(self._fault))]
        return [alert("paper-low", "put in a new roll soon")] if self._is_low else []

    def printed(self, report: PrintReport) -> None:
        """Take in what became of a slip."""
        self._fault = report.fault
        self._next_s = float("-inf")

    def look(self, now_s: float) -> None:
        """Ask the printer now and then; about two seconds at the most, so never while somebody waits."""
        if now_s < self._next_s:
            return
        try:
            status = self._printer.status()
        except PrinterFault as fault:
            self._fault = fault
        else:
            self._is_low = status.paper == "low"
            if status.fault or status.online:
                self._fault = status.fault
        self._next_s = now_s + (_LOOK_AT_FAULT_EVERY_S if self._fault else _LOOK_EVERY_S)


def alert(code: str, detail: str) -> Alert:
    """An alert whose detail is as long as the wire allows."""
    return Alert(code=code, detail=detail[:_DETAIL])


def _kebab(name: str) -> str:
    """`PaperOut` as `paper-out`."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "-", name).lower()
