"""The kiosk's device file: what every device file holds, and its hardware.

[panel]      the screen: firmware/drivers/panel/settings.py
[printer]    the slip printer: firmware/drivers/printer/settings.py
[sound]      the loudspeaker, where there is one: firmware/drivers/sound/settings.py
[gpio]       the single key, where there is one, as the `call` button: firmware/drivers/gpio/settings.py
"""

from __future__ import annotations

from pathlib import Path

from core.edge.device import DeviceFile, load_device
from core.edge.site import Site
from firmware.drivers.gpio import GpioSettings
from firmware.drivers.panel.settings import PanelSettings
from firmware.drivers.printer import FilePrinterSettings, PrinterSettings
from firmware.drivers.sound import SoundSettings

__all__ = ["KioskFile", "load_kiosk"]


class KioskFile(DeviceFile):
    panel: PanelSettings
    printer: PrinterSettings
    sound: SoundSettings | None = None
    gpio: GpioSettings | None = None


def load_kiosk(path: Path) -> tuple[KioskFile, Site]:
    """Read a kiosk's file and its centre's; relative paths are taken from the device file's folder.

    Raises:
        ConfigError: either file is wrong, or is the file of another role or centre.
    """
    settings, site = load_device(path, KioskFile, "kiosk")
    if isinstance(settings.printer, FilePrinterSettings):
        folder = path.resolve().parent / settings.printer.folder
        printer = settings.printer.model_copy(update={"folder": folder})
        settings = settings.model_copy(update={"printer": printer})
    return settings, site
