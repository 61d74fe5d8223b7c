"""The room's own touch screen, where there is one: touches become acts, outcomes become notices.

Rule: used from the main thread; SDL wants it so.
"""

from __future__ import annotations

import time

from core.edge.site import Site
from core.room.commands import StaffAct
from core.wire.messages import Answer, Named, Screen
from firmware.drivers.panel import Panel, Touch
from firmware.room.flow import SETTLE_S, Flow, elapsed, settled, touched
from firmware.room.pages import sheet_of
from firmware.room.settings import RoomFile
from firmware.room.sheet import Button, Place

__all__ = ["TouchScreen"]


class TouchScreen:
    """Shows the newest screen that it was given."""

    def __init__(self, panel: Panel, settings: RoomFile, site: Site) -> None:
        from firmware.room.view import View  # needs pygame, which the panel has set up

        self._panel = panel
        self._view = View(panel)
        self._place = Place(room=settings.room, site=site, language=settings.staff.language)
        self._flow = Flow()
        self._named: Named | None = None
        self._has_come = False
        """Whether the screen has said that this one is in the room: once it says no more, the name is forgotten."""
        self._offered: tuple[tuple[Button, ...], ...] = ()
        self.warning_ms: int | None = None
        """When the warning was raised that is shown; None while none is."""
        self._changed_s = float("-inf")
        """When other buttons came under the finger: another room's act changes a page as well as a touch does."""

    @property
    def is_closed(self) -> bool:
        """Whether the person has closed the window; never true of a full screen."""
        return self._panel.is_closed

    def wait(self, timeout_s: float) -> list[StaffAct]:
        """Wait for a touch or a wake, and return what the touches ask for."""
        acts: list[StaffAct] = []
        for given in self._panel.touches(timeout_s):
            now_s = time.monotonic()
            target = self._view.target_at(given.x, given.y) if isinstance(given, Touch) else None
            if target is not None and now_s - self._changed_s >= SETTLE_S:
                self._flow, act = touched(self._flow, target, now_s)
                acts += [] if act is None else [act]
        return acts

    def hear(self, named: Named) -> None:
        """Whom the room has called."""
        self._named, self._has_come = named, False

    def settle(self, act: StaffAct, answer: Answer | None) -> None:
        """Say what became of an act, of this screen or of a button."""
        self._flow = settled(self._flow, act, answer, time.monotonic())

    def show(self, screen: Screen | None, *, is_fresh: bool) -> None:
        """Bring what is shown up to date; nothing is drawn while it would look the same."""
        self._flow = elapsed(self._flow, time.monotonic())
        self._forget(screen)
        sheet = sheet_of(self._flow, screen, self._place, is_fresh=is_fresh, named=self._named)
        if sheet.rows != self._offered:
            self._offered, self._changed_s = sheet.rows, time.monotonic()
        self._view.show(sheet)
        self.warning_ms = screen.warning.at_ms if sheet.is_alarm and screen and screen.warning else None

    def _forget(self, screen: Screen | None) -> None:
        """The name goes with its ticket; the message with it may come before the screen that shows the call."""
        if self._named is None or screen is None:
            return
        is_here = screen.room(self._place.room).ticket == self._named.ticket
        if screen.intake == "closed" or (self._has_come and not is_here):
            self._named = None
        self._has_come = is_here
