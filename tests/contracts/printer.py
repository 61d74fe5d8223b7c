"""What every slip printer must do.

A rig brings its printer and a way to have things done to it: cues to a fake, or a person who is told what to do.
"""

from typing import Literal, Protocol

import pytest
from PIL import Image, ImageDraw, ImageFont

from firmware.drivers.errors import CoverOpen, PaperOut, PrinterAbsent
from firmware.drivers.panel.fonts import BOLD
from firmware.drivers.printer import Printer, print_job
from firmware.drivers.printer.escpos import encode

Act = Literal[
    "take the paper out",
    "put the paper in",
    "open the cover",
    "close the cover",
    "unplug the printer",
    "plug the printer in",
]


class PrinterRig(Protocol):
    printer: Printer

    def have(self, act: Act) -> None:
        """Have it done to the printer."""
        ...

    def expect_slips(self, count: int) -> None:
        """Exactly so many slips have come out since the last time this was asked."""
        ...


def slip_job(printer: Printer, words: str, *, rows: int = 160) -> bytes:
    profile = printer.profile
    picture = Image.new("1", (profile.width_dots, rows), 1)
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, 0, profile.width_dots - 1, rows - 1), outline=0, width=4)
    pen.text((40, 30), words, 0, ImageFont.truetype(BOLD, 80))
    return encode(picture, profile)


class PrinterContract:
    @pytest.fixture
    def rig(self) -> PrinterRig:
        raise NotImplementedError("a class of tests brings its own rig")

    def test_a_ready_printer_says_so(self, rig: PrinterRig) -> None:
        status = rig.printer.status()

        assert status.online is True
        assert status.cover_open is False
        assert status.paper in {"ok", "low"}
        assert status.fault is None

    def test_a_slip_is_printed_once_and_confirmed(self, rig: PrinterRig) -> None:
        report = print_job(rig.printer, slip_job(rig.printer, "one"), timeout_s=10)

        assert report.outcome == "printed"
        assert report.fault is None
        rig.expect_slips(1)

    def test_slips_in_a_row_are_cut_apart(self, rig: PrinterRig) -> None:
        for words in ("first", "second", "third"):
            assert print_job(rig.printer, slip_job(rig.printer, words), timeout_s=10).outcome == "printed"

        rig.expect_slips(3)

    def test_without_paper_nothing_is_taken_and_nothing_comes_out_later(self, rig: PrinterRig) -> None:
        rig.have("take the paper out")

        report = print_job(rig.printer, slip_job(rig.printer, "never"), timeout_s=10)

        assert report.outcome == "failed"
        assert isinstance(report.fault, PaperOut | CoverOpen)
        rig.have("put the paper in")
        rig.expect_slips(0)
        assert print_job(rig.printer, slip_job(rig.printer, "after"), timeout_s=10).outcome == "printed"
        rig.expect_slips(1)

    def test_an_open_cover_is_named(self, rig: PrinterRig) -> None:
        rig.have("open the cover")

        report = print_job(rig.printer, slip_job(rig.printer, "never"), timeout_s=10)

        assert report.outcome == "failed"
        assert isinstance(report.fault, CoverOpen)
        rig.have("close the cover")
        assert rig.printer.status().fault is None

    def test_a_printer_plugged_in_again_prints_without_a_restart(self, rig: PrinterRig) -> None:
        assert rig.printer.status().fault is None
        rig.have("unplug the printer")

        report = print_job(rig.printer, slip_job(rig.printer, "never"), timeout_s=10)

        assert report.outcome == "failed"
        assert isinstance(report.fault, PrinterAbsent)
        rig.have("plug the printer in")
        assert print_job(rig.printer, slip_job(rig.printer, "back"), timeout_s=10).outcome == "printed"
        rig.expect_slips(1)
