"""The slip printer: `make_printer` for a device file's `[printer]` table, `print_job` for one slip and its outcome."""

from firmware.drivers.printer.outcome import PrintOutcome, PrintReport, print_job
from firmware.drivers.printer.port import Printer, PrinterStatus
from firmware.drivers.printer.settings import FilePrinterSettings, PrinterSettings, make_printer

__all__ = [
    "FilePrinterSettings",
    "PrintOutcome",
    "PrintReport",
    "Printer",
    "PrinterSettings",
    "PrinterStatus",
    "make_printer",
    "print_job",
]
