"""What an ESC/POS printer answers, told apart by its fixed bits.

Three kinds of bytes share one line and may come unasked (Epson, ESC/POS Command Reference, "DLE EOT", "GS r", "GS a"):

    real-time status   0xx1 xx10
    answer to GS r     0xx0 xxxx
    automatic status   0xx1 xx00, then three bytes that look like anything above
    block              0x37 … 0x00, for example the answer to the clear command

Reading them as if only the expected one could come made python-escpos report "no paper" for an unasked status.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from firmware.drivers.printer.port import Paper, PrinterStatus

__all__ = ["PROCESSED", "QUERIES", "Kind", "Reply", "is_offline", "replies", "status_of"]

PROCESSED = b"\x1dr\x01"
"""GS r 1 waits in the printer's buffer behind the job: its answer says that the job was worked through."""

QUERIES = tuple(bytes((0x10, 0x04, kind)) for kind in range(1, 5))
"""DLE EOT: 1 printer, 2 cause of being offline, 3 error, 4 paper."""

_BLOCK = 0x37
_CLEARED = 0x25
"""Of a block: the answer to DLE DC4, fn 8."""
_AUTOMATIC_BYTES = 4


Kind = Literal["realtime", "processed", "cleared"]
"""To DLE EOT; to GS r; to the command that forgets what the printer has swallowed."""


@dataclass(frozen=True)
class Reply:
    """One byte that answers us."""

    kind: Kind
    value: int


def replies(received: bytes) -> Iterator[Reply]:
    """The answers among what was received; everything else is dropped, and so is what has not arrived whole."""
    at = 0
    while at < len(received):
        value = received[at]
        if value == _BLOCK:
            end = received.find(0, at)
            if end < 0:
                return
            if received[at + 1 : end] == bytes((_CLEARED,)):
                yield Reply("cleared", _CLEARED)
            at = end + 1
        elif value & 0b1001_0011 == 0b0001_0000:
            at += _AUTOMATIC_BYTES
        else:
            at += 1
            if value & 0b1001_0011 == 0b0001_0010:
                yield Reply("realtime", value)
            elif value & 0b1001_0000 == 0:
                yield Reply("processed", value)


def is_offline(printer: int) -> bool:
    """Of the answer to the first question."""
    return bool(printer & 0x08)


def status_of(printer: int | None, offline: int | None, error: int | None, paper: int | None) -> PrinterStatus:
    """The four real-time bytes as a status; an answer that did not come leaves its field None."""
    return PrinterStatus(
        online=None if printer is None else not is_offline(printer),
        cover_open=None if offline is None else bool(offline & 0x04),
        cutter_ok=None if error is None else not error & 0x08,
        paper=None if paper is None else _paper(paper),
    )


def _paper(value: int) -> Paper:
    if value & 0x60:
        return "out"
    return "low" if value & 0x0C else "ok"
