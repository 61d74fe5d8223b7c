"""The printer of the rig against the contract of all printers."""

from collections.abc import Iterator
from contextlib import closing

import pytest

from firmware.drivers.printer import Printer, make_printer
from hw_tests.conftest import Ask, RigFile
from tests.contracts.printer import Act, PrinterContract, PrinterRig


class RealRig:
    def __init__(self, printer: Printer, ask: Ask) -> None:
        self.printer = printer
        self._ask = ask

    def have(self, act: Act) -> None:
        self._ask(f"Please {act}, then press Enter.")

    def expect_slips(self, count: int) -> None:
        said = self._ask(f"You should have seen exactly {count} new framed slip(s), cut apart. Is it so? [y/n]")
        assert said == "y", f"the person did not see {count} slip(s)"


class TestRealPrinter(PrinterContract):
    @pytest.fixture
    def rig(self, rig_file: RigFile, ask: Ask) -> Iterator[PrinterRig]:
        assert rig_file.printer is not None, "the rig file has no [printer] table; add it or leave this file out"
        with closing(make_printer(rig_file.printer)) as printer:
            yield RealRig(printer, ask)
