"""The way through the kiosk by ear and by one key: the voice, the hand on the key, and what is wrong with either.

Rule: used from the thread of the screen, which it never keeps waiting.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from core.edge.words import say
from core.room.phrases import Phrase
from core.wire.messages import Alert
from firmware.drivers.control import ControlSocket
from firmware.drivers.errors import SoundAbsent, SoundFault, SoundStalled, SpeechAbsent
from firmware.drivers.sound import CHIME, Words, make_sound
from firmware.kiosk.dialogue.desk import Desk, Tried
from firmware.kiosk.dialogue.errands import SoundTest
from firmware.kiosk.dialogue.flow import Flow
from firmware.kiosk.guidance.hand import Hand
from firmware.kiosk.guidance.key import Gesture
from firmware.kiosk.guidance.voice import Voice
from firmware.kiosk.settings import KioskFile
from firmware.kiosk.sheets.parts import Sheet

__all__ = ["Guide"]

_CODES: dict[type[SoundFault], str] = {
    SoundAbsent: "sound-absent",
    SoundStalled: "sound-stalled",
    SpeechAbsent: "speech-absent",
}


class Guide:
    """Works from its creation; says and hears nothing where the device file names no hardware for it."""

    def __init__(
        self, settings: KioskFile, control: ControlSocket | None, flow: Flow, sheet: Sheet, wake: Callable[[], None]
    ) -> None:
        """
        Args:
            flow, sheet: what is shown at the start, of which nothing is said.
            wake: called from a driver's thread when the key has moved.
        """
        self._sound = make_sound(settings.sound, control) if settings.sound else None
        self._voice = Voice(self._sound, flow, sheet) if self._sound else None
        self._hand = Hand(settings.gpio, control, wake)
        self._by_key = False
        self._tested: Tried | None = None

    @property
    def alerts(self) -> tuple[Alert, ...]:
        faults = self._sound.faults if self._sound else ()
        key = (Alert(code="key-dead", detail=self._hand.fault),) if self._hand.fault else ()
        return (*(Alert(code=_CODES[type(fault)], detail=str(fault)) for fault in faults), *key)

    def follow(self, flow: Flow, sheet: Sheet) -> None:
        """Say what is new of what is shown."""
        if self._voice is not None:
            self._voice.follow(flow, sheet, by_key=self._by_key)
        self._by_key = False

    def gestures(self, now_s: float) -> Iterator[Gesture]:
        """What the hand on the key has said since the last call."""
        for gesture in self._hand.gestures(now_s):
            self._by_key = True
            yield gesture

    def patience_s(self, now_s: float, at_most_s: float) -> float:
        """How long the hand will say nothing by staying where it is."""
        return self._hand.patience_s(now_s, at_most_s)

    def try_sound(self, test: SoundTest, flow: Flow) -> None:
        """Let a technician hear it."""
        faults = self._sound.faults if self._sound else ("the device file has no [sound] table",)
        if self._sound:
            hello = Words(say(Phrase("kiosk.welcome"), flow.language), flow.language)
            self._sound.say([CHIME, hello], volume=flow.look.volume)
        self._tested = Tried(test.id, not faults, ", ".join(map(str, faults)))

    def with_test(self, desk: Desk) -> Desk:
        """The desk with the outcome of a test of the sound, if that was the newest test."""
        if self._tested is None or (desk.tested is not None and desk.tested.wish > self._tested.wish):
            return desk
        return replace(desk, tested=self._tested)

    def close(self) -> None:
        self._hand.close()
        if self._sound is not None:
            self._sound.close()
