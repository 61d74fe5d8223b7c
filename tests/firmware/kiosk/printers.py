"""The three kinds of printers at the end of a kiosk, and what can be done to each while it works."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal, Protocol

import zxingcpp
from PIL import Image

from borne.demo.paper import print_out
from firmware.drivers.control import ControlClient
from tests.firmware.drivers.escpos_machine import EscposMachine, NetworkPrinter, PseudoUsbPrinter

__all__ = ["Rig", "Transport", "Trouble", "addresses", "make_rig"]

Transport = Literal["usb", "tcp", "file"]
Trouble = Literal[
    "none", "paper out", "paper ends in the slip", "cover open", "mute", "stall", "power lost in the slip",
    "unasked status", "unplugged",
]  # fmt: skip
_MID_SLIP = 3_000
"""Bytes, of 60,000 and more."""


class Rig(Protocol):
    """A printer that behaves badly on cue."""

    table: dict[str, Any]
    """As the device file describes it."""

    def begin(self, trouble: Trouble) -> None: ...

    def end(self, trouble: Trouble) -> None: ...

    def slips(self) -> list[Image.Image]:
        """All that has come out of it, in order."""
        ...

    def close(self) -> None: ...


def addresses(rig: Rig) -> list[str]:
    """What a phone reads on all that has come out of a printer."""
    return [code.text for slip in rig.slips() for code in zxingcpp.read_barcodes(slip.convert("L"))]


def make_rig(transport: Transport, folder: Path, control: Path) -> Rig:
    match transport:
        case "usb":
            table = {"driver": "usb", "profile": "epson-tm-t20iii", "device": str(folder / "lp0")}
            return _MachineRig(table, PseudoUsbPrinter(folder / "lp0"))
        case "tcp":
            printer = NetworkPrinter()
            table = {"driver": "tcp", "profile": "epson-tm-t20iii", "host": "127.0.0.1", "port": printer.port}
            return _MachineRig(table, printer)
        case "file":
            return _FileRig(folder / "slips", ControlClient(control))


class _MachineRig:
    """The machine that speaks ESC/POS, behind a device file or a port."""

    def __init__(self, table: dict[str, Any], machine: PseudoUsbPrinter | NetworkPrinter) -> None:
        self.table = table
        self._machine: PseudoUsbPrinter | NetworkPrinter = machine

    def begin(self, trouble: Trouble) -> None:
        machine: EscposMachine = self._machine
        match trouble:
            case "paper out":
                machine.paper = "out"
            case "paper ends in the slip":
                machine.after(_MID_SLIP, lambda: setattr(machine, "paper", "out"))
            case "cover open":
                machine.cover_open = True
            case "mute":
                machine.is_mute = True
            case "stall":
                machine.after(_MID_SLIP, lambda: setattr(machine, "is_stuck", True))
            case "power lost in the slip":
                machine.after(_MID_SLIP, machine.reset)
            case "unasked status":
                machine.unasked = b"\x14\x00\x00\x0f"
            case "unplugged":
                self._machine.unplug()
            case "none":
                pass

    def end(self, trouble: Trouble) -> None:
        machine = self._machine
        machine.paper, machine.unasked = "ok", b""
        machine.cover_open = machine.is_mute = machine.is_stuck = False
        if trouble == "unplugged":
            machine.plug_in()

    def slips(self) -> list[Image.Image]:
        return self._machine.slips

    def close(self) -> None:
        self._machine.unplug()


class _FileRig:
    """The named fake, driven through the kiosk's control socket."""

    def __init__(self, folder: Path, cues: ControlClient) -> None:
        self.table = {"driver": "file", "profile": "epson-tm-t20iii", "folder": str(folder)}
        self._folder = folder
        self._cues = cues

    def begin(self, trouble: Trouble) -> None:
        match trouble:
            case "paper out":
                self._cues.call("printer", "paper", state="out")
            case "paper ends in the slip":
                self._cues.call("printer", "paper", state="ends")
            case "cover open":
                self._cues.call("printer", "cover", open=True)
            case "mute":
                self._cues.call("printer", "mute", on=True)
            case "stall":
                self._cues.call("printer", "stall", after=_MID_SLIP)
            case "power lost in the slip":
                self._cues.call("printer", "reset", after=_MID_SLIP)
            case "unplugged":
                self._cues.call("printer", "unplugged", on=True)
            case "none" | "unasked status":  # it says nothing unasked
                pass

    def end(self, trouble: Trouble) -> None:
        self._cues.call("printer", "paper", state="ok")
        self._cues.call("printer", "cover", open=False)
        self._cues.call("printer", "stall", after=None)
        self._cues.call("printer", "mute", on=False)
        self._cues.call("printer", "unplugged", on=False)

    def slips(self) -> list[Image.Image]:
        return [slip for job in sorted(self._folder.glob("*.bin")) for slip in print_out(job.read_bytes())]

    def close(self) -> None:
        pass
