"""A patient's eye and finger at the kiosk: sees by the pixels which page is shown, and touches what stands there.

What can be touched is known by drawing the same pages here, once, on a surface that nobody sees.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby, product
from typing import TYPE_CHECKING, Literal

from core.edge.site import Site
from core.room.ids import Number, ServiceId
from core.room.phrases import Phrase
from firmware.drivers.control import ControlClient, ControlError
from firmware.drivers.panel import make_panel
from firmware.drivers.panel.settings import DummyPanelSettings
from firmware.kiosk.dialogue.desk import Desk, Elsewhere
from firmware.kiosk.dialogue.flow import Flow
from firmware.kiosk.dialogue.pages import Page, Services, Start, Taken
from firmware.kiosk.dialogue.targets import Begin, Choose, Done, Target
from firmware.kiosk.sheets.sheet import sheet_of

if TYPE_CHECKING:
    import pygame

    from firmware.kiosk.drawing.view import Zone

__all__ = ["KioskStuck", "TurnedAway", "Visitor"]

Seen = Literal["start", "services", "taken", "no-tickets"]

_GLANCE_S = 0.05
_PROBE_STEP_PX = 7
_FILLED_PROBES = 5
"""So many one below the other are no border, and no letter: a button that is filled."""
_OPEN = Desk(state="ready")
_PATIENCE_S = 30.0
"""Real seconds until a slip must have come out, a kiosk that is killed and started again included."""


class KioskStuck(Exception):
    """The kiosk does not do what a kiosk does when it is touched."""


class TurnedAway(Exception):
    """The kiosk says that it gives no more tickets."""


@dataclass(frozen=True, slots=True)
class _Look:
    """How to know a page, and where its targets are."""

    probes: Mapping[tuple[int, int], tuple[int, int, int]]
    """Pixels and their colours: across the middle of every button, words included."""
    targets: Mapping[Target, tuple[int, int]]


class Visitor:
    """Uses a kiosk through the control socket of its panel."""

    def __init__(self, site: Site, kiosk: ControlClient, *, size_px: tuple[int, int]) -> None:
        self._kiosk = kiosk
        width, height = size_px
        panel = make_panel(DummyPanelSettings(driver="dummy", width=width, height=height))

        from firmware.kiosk.drawing.view import View  # needs pygame, which the panel has set up

        view = View(panel)
        services = tuple(ServiceId(service.id) for service in site.offered)
        has_voice = any("sound" in device.hardware for device in site.devices if device.role == "kiosk")

        def look(page: Page, desk: Desk = _OPEN) -> _Look:
            view.show(sheet_of(Flow(services=services, has_voice=has_voice, page=page), desk, site))
            return _known(panel.surface, view.zones)

        self._looks: dict[Seen, _Look] = {"services": look(Services()), "taken": look(Taken(Number("A000")))}
        self._refusals = [look(Start(), desk) for desk in _refusing()]
        start = look(Start())
        _, begin_y = start.targets[Begin()]
        left = min(x for x, y in start.probes if y == begin_y) + _PROBE_STEP_PX
        self._way_in = [(left, y) for y in range(0, height, _PROBE_STEP_PX)]
        """Where the large button of the start page can be seen, and touched: higher or lower, as wide as the page or
        beside others, as the words above it leave room."""
        self._filled = start.probes[left, begin_y]
        looks = [*self._looks.values(), *self._refusals]
        self._places = list({at for one in looks for at in one.probes} | set(self._way_in))
        panel.close()
        self._begin = left, begin_y
        self._wanted = services[0]

    def is_open(self) -> bool:
        """Whether the kiosk is ready for the next one."""
        try:
            return self._see() == "start"
        except ControlError:
            return False

    def take_ticket(self, service: ServiceId) -> None:
        """Stand before the kiosk until a ticket has been given, and leave the start page to the next one.

        Raises:
            TurnedAway: none is given.
            KioskStuck: none came.
            ControlError: the kiosk does not answer.
        """
        self.approach()
        while not self.choose(service).leave():
            self.approach()

    def approach(self) -> None:
        """Touch until the services are shown.

        Raises:
            TurnedAway: no tickets are given.
            KioskStuck: they are not.
            ControlError: the kiosk does not answer.
        """
        for seen in self._glances():
            match seen:
                case "start":
                    self._touch_at(self._begin)
                case "taken":
                    self._touch("taken", Done())
                case "services":
                    return
                case "no-tickets":
                    raise TurnedAway("the kiosk gives no more tickets")

    def choose(self, service: ServiceId) -> Visitor:
        """Touch a service, once.

        Raises:
            ControlError: the kiosk does not answer.
        """
        self._touch("services", Choose(service))
        self._wanted = service
        return self

    def leave(self) -> bool:
        """Wait for the ticket and touch until its page is gone; False when no ticket was given.

        Raises:
            KioskStuck: the start page does not come.
            ControlError: the kiosk does not answer.
        """
        has_ticket = False
        for seen in self._glances():
            match seen:
                case "services" if has_ticket:
                    break  # the second touch of a slow hand has begun anew; the next one goes on from there
                case "services":
                    self._touch("services", Choose(self._wanted))  # a page is deaf in its first moment
                case "taken":
                    has_ticket = True
                    self._touch("taken", Done())
                case "start" | "no-tickets":
                    break
        return has_ticket

    def _glances(self) -> Iterator[Seen | None]:
        """What is seen, again and again; None while it prints or is in between."""
        deadline_s = time.monotonic() + _PATIENCE_S
        while time.monotonic() < deadline_s:
            yield self._see()
            time.sleep(_GLANCE_S)
        raise KioskStuck(f"the kiosk has not moved for {_PATIENCE_S:g} s")

    def _see(self) -> Seen | None:
        colours = self._kiosk.call("panel", "colours", at=self._places)["colours"]
        seen = dict(zip(self._places, map(tuple, colours), strict=True))
        for name, look in self._looks.items():
            if look.probes.items() <= seen.items():
                return name
        runs = groupby(self._way_in, lambda at: seen[at] == self._filled)
        way_in = max((list(run) for is_filled, run in runs if is_filled), key=len, default=[])
        if len(way_in) >= _FILLED_PROBES:
            self._begin = way_in[len(way_in) // 2]
            return "start"
        is_refused = any(look.probes.items() <= seen.items() for look in self._refusals)
        return "no-tickets" if is_refused else None

    def _touch(self, seen: Seen, target: Target) -> None:
        self._touch_at(self._looks[seen].targets[target])

    def _touch_at(self, place: tuple[int, int]) -> None:
        x, y = place
        self._kiosk.call("panel", "touch", x=x, y=y)


def _refusing() -> Iterator[Desk]:
    """Why no ticket may be given, with few words and with many: the buttons below them stand one way or another."""
    again = Phrase("kiosk.opens-tomorrow", {"time": "09:00"})
    other = Elsewhere("Centre", age_min=0, distance_m=1000, closes="22:00", wait=Phrase("wait.hardly-any"))
    intakes: tuple[Literal["full", "closed"], ...] = ("full", "closed")
    for intake, opens, others in product(intakes, (None, again), range(4)):
        yield Desk(state="ready", intake=intake, opens=opens, elsewhere=(other,) * others)


def _known(surface: pygame.Surface, zones: list[Zone]) -> _Look:
    probes: dict[tuple[int, int], tuple[int, int, int]] = {}
    for zone in zones:
        for x in range(zone.rect.left + 1, zone.rect.right - 1, _PROBE_STEP_PX):
            red, green, blue, _ = surface.get_at((x, zone.rect.centery))
            probes[x, zone.rect.centery] = red, green, blue
    return _Look(probes, {zone.target: zone.rect.center for zone in zones})
