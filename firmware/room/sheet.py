"""What a page of the room's screen is made of, and how it is put into the staff's language.

Rule: pure, and equal sheets look alike: nothing is drawn again while the sheet is the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from core.edge.site import Language, Site
from core.edge.words import say
from core.room.commands import StaffAct
from core.room.duty import DutyState
from core.room.ids import RoomId, ServiceId
from core.room.phrases import Phrase
from core.wire.messages import Named, Screen
from firmware.room.flow import Do, Flow, Go, Home, Page, Target

__all__ = ["Button", "Pen", "Place", "Sheet"]

_SIGNS = {"asking": "…", "done": "✓", "refused": "✗"}


@dataclass(frozen=True, slots=True)
class Button:
    text: str
    target: Target
    note: str = ""
    """A small line below."""
    is_main: bool = False
    """What is most likely meant: drawn filled, and twice as wide."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One page, from top to bottom."""

    language: Language
    head: str = ""
    """Which room, whose, until when."""
    time: str = ""
    notice: str = ""
    """What became of an act, in place of the head, with a sign before it."""
    is_refused: bool = False
    label: str = ""
    """A small line above the number."""
    number: str = ""
    name: str = ""
    """Of who is in the room, below the number: first name and year of birth, as far as they were given."""
    body: str = ""
    aside: str = ""
    """Heads the list beside."""
    following: tuple[str, ...] = ()
    banner: Button | None = None
    """Something that a person should look at."""
    is_alarm: bool = False
    """Whether the page rings as well."""
    rows: tuple[tuple[Button, ...], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What does not change from one screen to the next."""

    room: RoomId
    site: Site
    language: Language


class Pen:
    """Writes the sheets of one moment."""

    def __init__(self, flow: Flow, screen: Screen, place: Place, named: Named | None = None) -> None:
        """
        Args:
            named: who was called to this room last, where the centre asks for names.
        """
        self.flow = flow
        self.screen = screen
        self.place = place
        self.own = screen.room(place.room)
        """The room in which this screen hangs."""
        self._named = named
        self._zone = ZoneInfo(place.site.timezone)

    def sheet(
        self,
        *rows: tuple[Button, ...],
        head: str | None = None,
        label: str = "",
        number: str = "",
        body: str = "",
        aside: str = "",
        following: tuple[str, ...] = (),
        banner: Button | None = None,
        is_alarm: bool = False,
    ) -> Sheet:
        """A page under the head and the notice that all have."""
        notice = self.flow.notice
        return Sheet(
            language=self.place.language,
            head=self._whose() if head is None else head,
            time=self.time(self.screen.at_ms),
            notice=f"{_SIGNS[notice.outcome]} {say(notice.says, self.place.language)}" if notice else "",
            is_refused=notice is not None and notice.outcome == "refused",
            label=label,
            number=number,
            name=self._who() if number and number == self.own.number else "",
            body=body,
            aside=aside,
            following=following,
            banner=banner,
            is_alarm=is_alarm,
            rows=tuple(row for row in rows if row),
        )

    def words(self, name: str, count: int | None = None, /, **values: str) -> str:
        return say(Phrase(f"unit.{name}", values, count), self.place.language)

    def time(self, at_ms: int) -> str:
        """What a clock on the wall shows."""
        return f"{datetime.fromtimestamp(at_ms / 1000, self._zone):%H:%M}"

    def called(self, room: RoomId) -> str:
        """A room as it is called aloud."""
        label = next((one.label for one in self.place.site.rooms if one.id == room), room)
        return say(Phrase("room.name", {"label": label}), self.place.language)

    def service(self, service: ServiceId) -> str:
        named = next((one for one in self.place.site.services if one.id == service), None)
        return service if named is None else named.called(self.place.language)

    def do(self, name: str, act: StaffAct, *, is_main: bool = False, stays: bool = False) -> Button:
        return Button(self.words(name), Do(act, stays), is_main=is_main)

    def go(self, name: str, page: Page, *, note: str = "", **values: str) -> Button:
        return Button(self.words(name, **values), Go(page), note)

    def back(self, page: Page | None = None) -> Button:
        return self.go("back", page or Home())

    def _who(self) -> str:
        """Whom the room has called or serves; nobody's name is shown once the centre is closed."""
        named = self._named
        if named is None or named.ticket != self.own.ticket or self.screen.intake == "closed":
            return ""
        return " · ".join(part for part in (named.first_name, str(named.born or "")) if part)

    def _whose(self) -> str:
        """Which room, whose, and until when."""
        here = self.own
        parts = [self.called(self.place.room)]
        if here.duty is not DutyState.OFF:
            parts.append(here.practitioner or self.words("doctor"))
            parts += [self.words("duty-pause")] if here.duty is DutyState.PAUSE else []
            parts += [] if here.until_ms is None else [self.words("until", time=self.time(here.until_ms))]
        return " · ".join(parts)
