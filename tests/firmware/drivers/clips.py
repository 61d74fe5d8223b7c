"""Clips as a person would record them."""

from __future__ import annotations

import wave
from pathlib import Path

from firmware.drivers.sound import Words
from firmware.drivers.sound.speech import RATE, clip_path

__all__ = ["record"]


def record(folder: Path, words: Words, samples: bytes, *, rate: int = RATE) -> None:
    """Lay a clip of these words where the driver looks for it."""
    path = clip_path(folder, words)
    path.parent.mkdir(parents=True, exist_ok=True)
    with wave.open(str(path), "wb") as clip:
        clip.setnchannels(1)
        clip.setsampwidth(2)
        clip.setframerate(rate)
        clip.writeframes(samples)
