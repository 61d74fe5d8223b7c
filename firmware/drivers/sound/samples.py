"""Loudness, silence and the chime, in samples.

Rule: pure; samples are little-endian 16-bit integers.
"""

from __future__ import annotations

import math
import sys
from array import array
from functools import cache

from firmware.drivers.sound.port import STEP_DB, VOLUMES

__all__ = ["chime", "silence", "softened"]

_NOTES_HZ = (659.3, 880.0)
"""E and A, a fourth upwards; both below 1 kHz, where old ears still hear."""
_NOTE_S = 0.45
_PEAK = 0.5
"""Of full scale: as loud as speech."""


def softened(samples: bytes, volume: int) -> bytes:
    """The samples of full loudness at a volume: each step below the loudest halves them, which is 6.02 dB."""
    steps = VOLUMES - 1 - volume
    if not steps:
        return samples
    factor = 10 ** (-steps * STEP_DB / 20)
    return _packed(array("h", (round(sample * factor) for sample in _unpacked(samples))))


def silence(seconds: float, rate: int) -> bytes:
    return bytes(2 * round(seconds * rate))


@cache
def chime(rate: int) -> bytes:
    """Two notes that begin at once and fade, as of a bell."""
    count = round(_NOTE_S * rate)
    return _packed(
        array(
            "h",
            (
                round(32_767 * _PEAK * (1 - at / count) ** 2 * math.sin(2 * math.pi * note * at / rate))
                for note in _NOTES_HZ
                for at in range(count)
            ),
        )
    )


def _unpacked(samples: bytes) -> array[int]:
    unpacked = array("h", samples)
    if sys.byteorder == "big":
        unpacked.byteswap()
    return unpacked


def _packed(samples: array[int]) -> bytes:
    if sys.byteorder == "big":
        samples.byteswap()
    return samples.tobytes()
