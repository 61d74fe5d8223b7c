"""Every printer driver against the one contract."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from firmware.drivers.control import ControlClient, ControlSocket
from firmware.drivers.errors import PrinterStalled
from firmware.drivers.printer import Printer, make_printer, print_job
from firmware.drivers.printer.settings import FilePrinterSettings, TcpPrinterSettings, UsbPrinterSettings
from tests.contracts.printer import Act, PrinterContract, PrinterRig, slip_job
from tests.firmware.drivers.escpos_machine import EscposMachine, NetworkPrinter, PseudoUsbPrinter


class FileRig:
    def __init__(self, folder: Path, control: ControlSocket, client: ControlClient) -> None:
        self.printer = make_printer(FilePrinterSettings(driver="file", folder=folder), control)
        self._client = client
        self._seen = 0

    def have(self, act: Act) -> None:
        cue = {
            "take the paper out": ("paper", {"state": "out"}),
            "put the paper in": ("paper", {"state": "ok"}),
            "open the cover": ("cover", {"open": True}),
            "close the cover": ("cover", {"open": False}),
            "unplug the printer": ("unplugged", {"on": True}),
            "plug the printer in": ("unplugged", {"on": False}),
        }[act]
        self._client.call("printer", cue[0], **cue[1])

    def expect_slips(self, count: int) -> None:
        jobs = self._client.call("printer", "jobs")["jobs"]
        assert len(jobs) - self._seen == count
        self._seen = len(jobs)


class MachineRig:
    def __init__(self, printer: Printer, machine: EscposMachine) -> None:
        self.printer = printer
        self.machine = machine
        self._seen = 0

    def have(self, act: Act) -> None:
        match act:
            case "take the paper out":
                self.machine.paper = "out"
            case "put the paper in":
                self.machine.paper = "ok"
            case "open the cover":
                self.machine.cover_open = True
            case "close the cover":
                self.machine.cover_open = False
            case "unplug the printer":
                self.machine.unplug()
            case "plug the printer in":
                self.machine.plug_in()

    def expect_slips(self, count: int) -> None:
        assert len(self.machine.slips) - self._seen == count
        self._seen = len(self.machine.slips)


class TestFilePrinter(PrinterContract):
    @pytest.fixture
    def rig(self, tmp_path: Path, control: ControlSocket, client: ControlClient) -> PrinterRig:
        return FileRig(tmp_path / "slips", control, client)


class TestTcpPrinter(PrinterContract):
    @pytest.fixture
    def rig(self) -> Iterator[PrinterRig]:
        machine = NetworkPrinter()
        settings = TcpPrinterSettings(driver="tcp", profile="epson-tm-t20iii", host="127.0.0.1", port=machine.port)
        with closing(make_printer(settings)) as printer:
            yield MachineRig(printer, machine)
        machine.unplug()


class TestUsbPrinter(PrinterContract):
    @pytest.fixture
    def rig(self, tmp_path: Path) -> Iterator[PrinterRig]:
        machine = PseudoUsbPrinter(tmp_path / "lp0")
        settings = UsbPrinterSettings(driver="usb", profile="epson-tm-t20iii", device=tmp_path / "lp0")
        with closing(make_printer(settings)) as printer:
            yield MachineRig(printer, machine)
        machine.unplug()

    def test_a_printer_that_takes_a_part_and_no_more_is_left_in_time(self, rig: MachineRig) -> None:
        assert rig.printer.status().fault is None
        rig.machine.is_stuck = True

        with pytest.raises(PrinterStalled) as stalled:
            rig.printer.send(bytes(200_000), timeout_s=0.2)

        assert 0 < stalled.value.bytes_taken < 200_000
        rig.machine.is_stuck = False
        assert print_job(rig.printer, slip_job(rig.printer, "next"), timeout_s=5).outcome == "printed"
        rig.expect_slips(1)
