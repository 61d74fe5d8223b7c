"""The kiosk's voice: what is said when a page appears, when something is chosen, and before a choice is forgotten.

Rule: silent until the person wants it, but for the chime that goes with the question whether somebody is still there.
While it is off it compares two values and nothing else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.edge.words import say
from core.room.phrases import Phrase
from firmware.drivers.sound import CHIME, Sound, Utterance, Words
from firmware.kiosk.dialogue.flow import Flow
from firmware.kiosk.dialogue.look import Look
from firmware.kiosk.dialogue.pages import Birth, Cleaning, Code, Corner, Grid, Name, Page, StillThere
from firmware.kiosk.guidance.speech import spoken_of, told
from firmware.kiosk.sheets.parts import Sheet

__all__ = ["Moment", "Voice", "to_say"]

_READ_ONCE = (Birth, Cleaning, Code, Corner, Grid, Name)
"""Pages that change under the finger, or by the second, and would be read again and again."""


@dataclass(frozen=True, slots=True)
class Moment:
    """What there is to hear."""

    page: Page
    sheet: Sheet
    by_key: bool = False
    """Whether the single key has led to it: every press is answered, if only by the page again."""

    @property
    def look(self) -> Look:
        return self.sheet.look


def to_say(before: Moment, after: Moment) -> Sequence[Utterance] | None:
    """What is said as one moment follows on another; empty to fall silent, None to go on with what is being said."""
    warns = isinstance(after.page, StillThere) and before.page != after.page
    if not after.look.voice:
        return [CHIME] if warns else [] if before.look.voice else None
    if not before.look.voice or not _is_same_page(before, after):
        hint = Phrase("speech.key-hint")
        language = after.sheet.language
        hints = [Words(say(hint, language), language)] if after.by_key and not before.look.voice else []
        return [*([CHIME] if warns else ()), *hints, *spoken_of(after.sheet, after.page)]
    was, here = before.sheet, after.sheet
    if changed := [one for one in here.controls if one not in was.controls]:
        return [told(one, here.language) for one in changed]
    if here.focus == was.focus and not (after.by_key and here.focus is None):
        return None
    return spoken_of(here, after.page) if here.focus is None else [told(here.controls[here.focus], here.language)]


def _is_same_page(before: Moment, after: Moment) -> bool:
    if before.sheet.language != after.sheet.language:
        return False
    if isinstance(after.page, _READ_ONCE):
        return before.page.kind == after.page.kind
    was, here = before.sheet, after.sheet
    is_same_offer = [one.target for one in was.controls] == [one.target for one in here.controls]
    return before.page == after.page and was.title == here.title and is_same_offer


class Voice:
    """Follows what is shown, and says of it what is new."""

    def __init__(self, sound: Sound, flow: Flow, sheet: Sheet) -> None:
        """
        Args:
            flow: as it is at the start, when nothing is said.
        """
        self._sound = sound
        self._moment = Moment(flow.page, sheet)

    def follow(self, flow: Flow, sheet: Sheet, *, by_key: bool) -> None:
        before, self._moment = self._moment, Moment(flow.page, sheet, by_key)
        if self._moment == before and not by_key:
            return
        said = to_say(before, self._moment)
        if said:
            self._sound.say(said, volume=flow.look.volume)
        elif said is not None:
            self._sound.hush()
