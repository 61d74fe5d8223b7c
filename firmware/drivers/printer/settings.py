"""The `[printer]` table of a device file, and the printer it names."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from core.edge.config import Settings
from firmware.drivers.control import ControlSocket
from firmware.drivers.printer.device import EscposPrinter
from firmware.drivers.printer.file import FilePrinter
from firmware.drivers.printer.port import Printer
from firmware.drivers.printer.profiles import profile
from firmware.drivers.printer.tcp import tcp_line
from firmware.drivers.printer.usb import usb_line

__all__ = ["FilePrinterSettings", "PrinterSettings", "TcpPrinterSettings", "UsbPrinterSettings", "make_printer"]


def _known(name: str) -> str:
    return profile(name).name


ProfileName = Annotated[str, AfterValidator(_known)]


class _PrinterSettings(Settings):
    profile: ProfileName
    roll_m: Annotated[float, Field(gt=0, le=1000)] | None = None
    """Paper on a new roll, where it is not the usual one of the model."""


class UsbPrinterSettings(_PrinterSettings):
    driver: Literal["usb"]
    device: Path = Path("/dev/usb/lp0")


class TcpPrinterSettings(_PrinterSettings):
    driver: Literal["tcp"]
    host: str
    port: Annotated[int, Field(ge=1, le=65_535)] = 9100


class FilePrinterSettings(_PrinterSettings):
    """The named fake."""

    driver: Literal["file"]
    profile: ProfileName = "epson-tm-t20iii"
    folder: Path


PrinterSettings = Annotated[
    UsbPrinterSettings | TcpPrinterSettings | FilePrinterSettings, Field(discriminator="driver")
]


def make_printer(settings: PrinterSettings, control: ControlSocket | None = None) -> Printer:
    """The printer named by the settings; nothing is opened before its first use."""
    model = profile(settings.profile)
    if settings.roll_m is not None:
        model = model.model_copy(update={"roll_m": settings.roll_m})
    match settings:
        case UsbPrinterSettings():
            return EscposPrinter(usb_line(settings.device), model)
        case TcpPrinterSettings():
            return EscposPrinter(tcp_line(settings.host, settings.port), model)
        case FilePrinterSettings():
            return FilePrinter(settings.folder, model, control)
