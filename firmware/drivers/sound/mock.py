"""The loudspeaker's named fake: remembers what was said, and says it at once.

Cues come by the control socket, device `sound`:

    said    answers what was said since the start, the newest last: texts (a chime is "♪"), languages, volume;
            last = how many of it are wanted
    card    present = true | false: the sound card is pulled out or put back; nothing is said without one
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from typing import Any

from firmware.drivers.control import ControlSocket
from firmware.drivers.errors import SoundAbsent, SoundFault
from firmware.drivers.sound.port import Chime, Utterance

__all__ = ["MockSound"]

_KEPT = 1000


class MockSound:
    def __init__(self, control: ControlSocket | None = None) -> None:
        self._lock = threading.Lock()
        self._said: list[dict[str, Any]] = []
        self._fault: SoundAbsent | None = None
        if control:
            control.register("sound", self._on_cue)

    @property
    def faults(self) -> tuple[SoundFault, ...]:
        return () if self._fault is None else (self._fault,)

    def say(self, utterances: Sequence[Utterance], *, volume: int) -> None:
        with self._lock:
            if self._fault is None:
                said = {
                    "texts": ["♪" if isinstance(one, Chime) else one.text for one in utterances],
                    "languages": sorted({one.language for one in utterances if not isinstance(one, Chime)}),
                    "volume": volume,
                }
                self._said = [*self._said[1 - _KEPT :], said]

    def hush(self) -> None:
        pass

    def close(self) -> None:
        pass

    def _on_cue(self, request: Mapping[str, Any]) -> Mapping[str, Any]:
        with self._lock:
            match request:
                case {"do": "said"}:
                    return {"said": self._said[-int(request.get("last", _KEPT)) :]}
                case {"do": "card", "present": bool(is_present)}:
                    self._fault = None if is_present else SoundAbsent("no sound card; plug one in")
                    return {}
        raise ValueError("no such cue; see firmware/drivers/sound/mock.py")
