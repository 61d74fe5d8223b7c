"""A patient's hand at the kiosk: a button is found by drawing the page on which it stands, and touched until the page
that it leads to is there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import get_args

from borne.demo.stage import Stage
from core.room.announce import Said
from core.room.phrases import Phrase
from firmware.kiosk.dialogue.desk import Desk, OnDuty
from firmware.kiosk.dialogue.errands import CallTeam, Team
from firmware.kiosk.dialogue.pages import Calling, Page, Signs, Start
from firmware.kiosk.dialogue.targets import Begin, CallHelp, FeelBad, Key, Target
from tests.journeys.kiosk_page import KioskPage
from tests.mosquitto import wait_until

__all__ = ["KioskHand"]

_READY = Desk(state="ready")
_TOLD = replace(_READY, closes="22:00", waiting=0, doctors=(OnDuty("Dr Vallon", "1", "17:00"),))
_TWO = replace(_TOLD, doctors=(*_TOLD.doctors, OnDuty("Dr Garrigue", "2", "17:00")))
_SOON = Said(kind="soon", wait=Phrase("wait.hardly-any"))
_STARTS = (_READY, _TOLD, _TWO, replace(_TOLD, wait=_SOON), replace(_TWO, wait=_SOON))
_DEAF_S = 1.0
"""A page takes no touch in its first quarter of a second, and a busy machine draws late."""
_TRIES = 10


class KioskHand:
    """At the first kiosk."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage

    def touches(self, target: Target, *, on: Page, until: Page) -> None:
        self._touches(target, self._page(on), self._page(until).is_shown)

    def touches_until(self, target: Target, *, on: Page, is_done: Callable[[], bool]) -> None:
        self._touches(target, self._page(on), is_done)

    def begins(self, *, until: Page) -> None:
        """The large way in."""
        self._touches(Begin(), self._start_that_offers(Begin()), self._page(until).is_shown)

    def types(self, text: str, pages: Sequence[Page]) -> None:
        """One sign after the other; each of the pages shows what has been typed up to then."""
        drawn = [self._page(page) for page in pages]
        for sign, before, after in zip(text, drawn, drawn[1:], strict=False):
            self._touches(Key(sign), before, after.is_shown)

    def calls_the_team(self) -> None:
        """The signs, and the large button."""
        signs = self._page(Signs())
        calling = [self._page(Calling(CallTeam(1), team)) for team in get_args(Team)]

        def is_calling() -> bool:
            return any(page.is_shown() for page in calling)

        self._touches(FeelBad(), self._start_that_offers(FeelBad()), lambda: signs.is_shown() or is_calling())
        self._touches(CallHelp(), signs, is_calling)

    def reads_of_the_team(self, team: Team, within_s: float = 10.0) -> None:
        page = self._page(Calling(CallTeam(1), team))
        wait_until(page.is_shown, what=f"the kiosk says of the team: {team}", deadline_s=within_s)

    def sees(self, page: Page) -> None:
        wait_until(self._page(page).is_shown, what=f"the kiosk shows {page.kind}")

    def _start_that_offers(self, target: Target) -> KioskPage:
        """The start page makes room for what there is to say of the centre."""
        pages = [KioskPage(self._stage, Start(), desk) for desk in _STARTS]
        wait_until(lambda: any(page.offers(target) for page in pages), what=f"{target} on the start page")
        return next(page for page in pages if page.offers(target))

    def _touches(self, target: Target, here: KioskPage, is_done: Callable[[], bool]) -> None:
        """Touch, unless it is done already, and again after a while."""
        for _ in range(_TRIES):
            if is_done():
                return
            here.touch(target)
            with suppress(TimeoutError):
                wait_until(is_done, what=f"what follows {target}", deadline_s=_DEAF_S)
                return
        raise AssertionError(f"touched {_TRIES} times, and nothing follows {target}")

    def _page(self, page: Page) -> KioskPage:
        return KioskPage(self._stage, page, _READY)
