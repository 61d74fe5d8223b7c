"""The real loudspeaker: a thread that sleeps until something is to be said, and gives it to aplay.

Rule: `say` and `hush` take a lock for microseconds and start nothing themselves; each wait of the thread has an end.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence

from firmware.drivers.errors import SoundFault, SoundStalled, SpeechAbsent
from firmware.drivers.sound.card import Card
from firmware.drivers.sound.port import Chime, Utterance
from firmware.drivers.sound.samples import chime, silence, softened
from firmware.drivers.sound.speech import RATE, Speech

__all__ = ["Speaker"]

_Wish = tuple[tuple[Utterance, ...], int]
"""What to say, and how loud."""
_TRIAL: _Wish = ((), 0)
"""A moment of silence."""

_LEAD_S = 0.1
"""A card that has just been opened may swallow the beginning of what it gets; who presses a key waits for no more."""
_REST_S = 0.35
"""After each utterance."""
_TRY_AGAIN_S = 60.0
_CLOSE_S = 2.0


class Speaker:
    """Tries the card once at its creation, and while that fails once a minute: a missing one is known before a patient
    asks for it."""

    def __init__(self, device: str, speech: Speech) -> None:
        self._device = device
        self._speech = speech
        self._changed = threading.Condition()
        self._wanted: _Wish | None = _TRIAL
        self._turn = 0
        """Counts the reasons to break off what is being said."""
        self._card: Card | None = None
        self._card_fault: SoundFault | None = None
        self._speech_fault: SoundFault | None = None
        self._is_closed = False
        self._thread = threading.Thread(target=self._serve, name="sound", daemon=True)
        self._thread.start()

    @property
    def faults(self) -> tuple[SoundFault, ...]:
        if not (self._thread.is_alive() or self._is_closed):
            return (SoundStalled("the thread of the sound has ended; restart the kiosk"),)
        return tuple(fault for fault in (self._card_fault, self._speech_fault) if fault is not None)

    def say(self, utterances: Sequence[Utterance], *, volume: int) -> None:
        self._interrupt((tuple(utterances), volume))

    def hush(self) -> None:
        self._interrupt(None)

    def close(self) -> None:
        self._is_closed = True
        self._interrupt(None)
        self._thread.join(_CLOSE_S)

    def _interrupt(self, wish: _Wish | None) -> None:
        with self._changed:
            self._wanted = wish
            self._turn += 1
            if self._card is not None:
                self._card.cut()
            self._changed.notify()

    def _serve(self) -> None:
        while True:
            with self._changed:
                patience_s = _TRY_AGAIN_S if self._card_fault else None
                self._changed.wait_for(lambda: self._is_closed or self._wanted is not None, patience_s)
                if self._is_closed:
                    return
                turn, wish, self._wanted = self._turn, self._wanted or _TRIAL, None
            self._play(*wish, turn)

    def _play(self, utterances: Sequence[Utterance], volume: int, turn: int) -> None:
        fault: SoundFault | None = None
        try:
            with Card(self._device) as card:
                with self._changed:
                    if self._turn != turn:
                        return
                    self._card = card
                for samples in self._samples(utterances):
                    card.write(softened(samples, volume))
                card.finish()
        except SoundFault as error:
            fault = error
        with self._changed:
            self._card = None
            if self._turn == turn:  # one that was cut off proves nothing
                self._card_fault = fault

    def _samples(self, utterances: Sequence[Utterance]) -> Iterator[bytes]:
        """What is heard of each; what cannot be said is left out."""
        yield silence(_LEAD_S, RATE)
        fault = self._speech.fault
        for one in utterances:
            try:
                yield from [chime(RATE)] if isinstance(one, Chime) else self._speech.samples(one)
            except SpeechAbsent as error:
                fault = error
            yield silence(_REST_S, RATE)
        self._speech_fault = fault
