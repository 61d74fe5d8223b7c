"""A doctor's finger on the touch screen of a room: a button is found by drawing the page on which it stands, and
touched until that page has gone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass

from borne.demo.stage import SITE, Stage
from borne.demo.watch import Watch
from core.edge.clock import ScaledClock
from core.edge.device import load_device
from core.room.ids import RoomId
from core.wire.messages import Screen
from firmware.controller.plan import Plan
from firmware.controller.screen import screen_of
from firmware.drivers.control import ControlClient
from firmware.drivers.panel import make_panel
from firmware.room.flow import Flow, Home, One, Page, Queue
from firmware.room.pages import sheet_of
from firmware.room.settings import RoomFile
from firmware.room.sheet import Place
from tests.mosquitto import wait_until

__all__ = ["Finger", "touch_until"]

_DEAF_S = 0.5
"""A page takes no touch in its first quarter of a second."""
_TRIES = 10

_Pixel = tuple[int, int]


@dataclass(frozen=True)
class _Look:
    """How a page looks, and where its buttons are."""

    colours: Mapping[_Pixel, tuple[int, ...]]
    """The edge and the inside of every button."""
    buttons: Mapping[str, _Pixel]


class Finger:
    """Of the doctor who sits before a room's screen."""

    def __init__(self, stage: Stage, clock: ScaledClock, name: str) -> None:
        """
        Args:
            name: of the room unit's process.
        """
        settings, self._site = load_device(stage.tree.device(SITE, f"{SITE}-{name}") / "device.toml", RoomFile, "room")
        assert settings.panel is not None, f"{name} has no touch screen"
        self._panel = settings.panel
        self._place = Place(room=settings.room, site=self._site, language=settings.staff.language)
        self._unit = ControlClient(stage.control(name))
        self._journal = stage.journal
        self._clock = clock

    def touches(self, words: str, *, on: Page | None = None) -> None:
        """Touch the button with these words, as soon as it is there; `on` another page than the first."""
        page = on or Home()
        self.is_offered(words, on=page)
        look = self._look(page)
        x, y = look.buttons[words]
        touch_until(
            lambda: self._unit.call("panel", "touch", x=x, y=y),
            lambda: not self._is_shown(look),
            what=f"the page with {words!r} has gone",
        )

    def is_offered(self, words: str, *, on: Page | None = None) -> None:
        """Wait until the screen shows a button with these words."""
        wait_until(lambda: self._offers(words, on or Home()), what=f"{words!r} on the screen of the room")

    def looks_up(self, number: str) -> Page:
        """Go to the page about somebody who waits."""
        self.touches("Attente")
        self.touches(number, on=Queue())
        return next(One(one.ticket) for one in self._told().waiting if one.number == number and one.ticket)

    def _offers(self, words: str, page: Page) -> bool:
        look = self._look(page)
        return words in look.buttons and self._is_shown(look)

    def _is_shown(self, look: _Look) -> bool:
        seen = self._unit.call("panel", "colours", at=list(look.colours))["colours"]
        return list(map(tuple, seen)) == list(look.colours.values())

    def _told(self) -> Screen:
        """What the controller tells the rooms now, by its journal and its plan."""
        with closing(Watch(self._journal)) as watch:
            watch.look()
            return screen_of(
                watch.state,
                [RoomId(room.id) for room in self._site.rooms],
                Plan(self._journal.parent, self._site).policy,
                is_hour_certain=True,
                epoch=watch.epoch,
                rev=watch.seq,
                beat="",
                at_ms=self._clock.wall_ms(),
            )

    def _look(self, page: Page) -> _Look:
        sheet = sheet_of(Flow(page=page), self._told(), self._place, is_fresh=True)
        with closing(make_panel(self._panel)) as panel:
            from firmware.room.view import View  # needs pygame, which the panel has set up

            view = View(panel)
            view.show(sheet)
            at = [(x, zone.rect.centery) for zone in view.zones for x in (zone.rect.left + 1, zone.rect.left + 8)]
            colours = {pixel: tuple(panel.surface.get_at(pixel)[:3]) for pixel in at}
            buttons = [*([sheet.banner] if sheet.banner else []), *(button for row in sheet.rows for button in row)]
            return _Look(colours, {one.text: zone.rect.center for one, zone in zip(buttons, view.zones, strict=True)})


def touch_until(touch: Callable[[], object], is_done: Callable[[], bool], *, what: str) -> None:
    """Touch, and again after a while: a page that has just appeared is deaf."""
    for _ in range(_TRIES):
        touch()
        with suppress(TimeoutError):
            wait_until(is_done, what=what, deadline_s=_DEAF_S)
            return
    raise AssertionError(f"touched {_TRIES} times, and not yet: {what}")
