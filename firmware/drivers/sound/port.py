"""What a role sees of a loudspeaker.

Rule: no call waits for the sound. What is said anew cuts off what is being said, because whoever touches the next thing
does not want to hear the end of the last one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from core.edge.language import Language
from firmware.drivers.errors import SoundFault

__all__ = ["CHIME", "STEP_DB", "VOLUMES", "Chime", "Sound", "Utterance", "Words"]

VOLUMES = 4
STEP_DB = 6
"""18 dB from the softest to the loudest, with a step at 12 dB above the softest (EN 301 549, 8.2.1.1 and 8.2.1.2)."""


@dataclass(frozen=True, slots=True)
class Words:
    """Something to read aloud, with a short rest after it."""

    text: str
    """As it is to be read: what is spelled has a comma after each sign, "A, 0, 4, 2"."""
    language: Language
    is_slow: bool = False
    """For what is to be remembered."""


@dataclass(frozen=True, slots=True)
class Chime:
    """Two soft notes: look here."""


CHIME = Chime()

Utterance = Words | Chime


class Sound(Protocol):
    """One loudspeaker, or a pair of headphones. Used from any thread."""

    @property
    def faults(self) -> tuple[SoundFault, ...]:
        """What keeps it from being heard, as far as the newest attempt has shown."""
        ...

    def say(self, utterances: Sequence[Utterance], *, volume: int) -> None:
        """Begin to say these one after the other, and return at once.

        Args:
            volume: 0 to `VOLUMES` - 1, `STEP_DB` apart.
        """
        ...

    def hush(self) -> None:
        """Be silent at once."""
        ...

    def close(self) -> None: ...
