"""The `[sound]` table of a device file, and the loudspeaker it names.

[sound]
driver = "aplay"
device = "plughw:CARD=Headphones"
clips = "/var/lib/borne/kiosk/clips"
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from core.edge.config import Settings
from firmware.drivers.control import ControlSocket
from firmware.drivers.sound.port import Sound

__all__ = ["AplaySoundSettings", "MockSoundSettings", "SoundSettings", "make_sound"]


class AplaySoundSettings(Settings):
    driver: Literal["aplay"]
    device: str = "default"
    """ALSA's name of the card, as `aplay -L` lists them."""
    clips: Path | None = None
    """The folder of the clips; None for the one beside the program."""


class MockSoundSettings(Settings):
    """The named fake."""

    driver: Literal["mock"]


SoundSettings = Annotated[AplaySoundSettings | MockSoundSettings, Field(discriminator="driver")]


def make_sound(settings: SoundSettings, control: ControlSocket | None = None) -> Sound:
    """The loudspeaker named by the settings; a missing card is one of its `faults`."""
    match settings:
        case MockSoundSettings():
            from firmware.drivers.sound.mock import MockSound

            return MockSound(control)
        case AplaySoundSettings():
            from firmware.drivers.sound.speaker import Speaker
            from firmware.drivers.sound.speech import CLIPS, Speech

            return Speaker(settings.device, Speech(settings.clips or CLIPS))
