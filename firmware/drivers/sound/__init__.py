"""The loudspeaker that reads a screen aloud: `make_sound` for a device file's `[sound]` table."""

from firmware.drivers.sound.port import CHIME, VOLUMES, Chime, Sound, Utterance, Words
from firmware.drivers.sound.settings import SoundSettings, make_sound

__all__ = ["CHIME", "VOLUMES", "Chime", "Sound", "SoundSettings", "Utterance", "Words", "make_sound"]
