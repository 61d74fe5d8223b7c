"""What others have kept of a centre's day, asked for once: at the first start on an empty disk, before any patient is
called.

Rule: nobody is waited for longer than the limit; who answers later is heard as always, and changes nothing here.
"""

from __future__ import annotations

import logging
import re

from core.edge.site import Site
from core.room.events import Event, Priority
from core.room.ids import DeviceId, Number, RoomId, ServiceId
from core.room.rebuild import KioskDisk, Presence, Remembered, Sources, Summons, View, rebuild
from core.room.state import Ticket, fingerprint
from core.wire.identity import new_id, new_token
from core.wire.messages import Kept, Screen, Snap

__all__ = ["Gather"]

_log = logging.getLogger(__name__)

_AHEAD_MS = 3_600_000
"""What lies this far ahead of the true hour was told by a clock that nobody can go on from."""
_END_MS = 4_102_444_800_000
"""1 January 2100: without a clock, the only hour that is certainly wrong."""
_NUMBER = re.compile(r"[A-Z][0-9]{3}")
_AGENT = "agent"


class Gather:
    """Used from the thread that owns the sequencer."""

    def __init__(self, site: Site, epoch: str, *, is_needed: bool, has_agent: bool, limit_s: float) -> None:
        """
        Args:
            epoch: of the journal that is to be filled.
            is_needed: whether it is empty.
            has_agent: whether there is a network to ask.
            limit_s: real seconds from the first question to the decision, at most.
        """
        self.is_asking = is_needed
        """Whether the day is not decided yet."""
        self._epoch = epoch
        self._service = ServiceId(site.offered[0].id)
        self._awaited = {device.id for device in site.devices if device.role != "controller"}
        if has_agent:
            self._awaited.add(_AGENT)
        self._limit_s = limit_s
        self._asked_s: float | None = None
        self._screens: dict[DeviceId, Screen] = {}
        self._kiosks: dict[DeviceId, KioskDisk] = {}
        self._snap: Snap | None = None

    def ask(self, now_s: float) -> None:
        """Note that the question is out; again and again, as long as nothing is decided."""
        if self._asked_s is None:
            self._asked_s = now_s

    def take_kept(self, device: DeviceId, kept: Kept) -> None:
        """Take in what a device has kept."""
        self._awaited.discard(device)
        if kept.screen is not None and kept.screen.epoch != self._epoch and not kept.screen.is_gathering:
            self._screens[device] = kept.screen
        if kept.disk is not None and kept.letter is not None:
            self._kiosks[device] = KioskDisk(kiosk=device, disk=kept.disk, letter=kept.letter, day=kept.day)

    def take_snap(self, snap: Snap) -> bool:
        """Take in what the agent remembers; False when it cannot be what it says."""
        if fingerprint(snap.state) != snap.fingerprint or not all(map(_is_sound, snap.state.tickets.values())):
            return False
        self._awaited.discard(_AGENT)
        if snap.epoch != self._epoch:
            self._snap = snap
        return True

    def is_over(self, now_s: float) -> bool:
        """Whether everyone has answered, or the time is up."""
        if not self.is_asking or self._asked_s is None:
            return False
        return not self._awaited or now_s - self._asked_s >= self._limit_s

    def decide(self, today: str | None, true_ms: int | None) -> tuple[list[Event], int]:
        """The day as far as it is known, again and again until the journal has it.

        Args:
            today: the service day now; None while the clock is not set.
            true_ms: the hour now; None while the clock is not set.

        Returns:
            Its events, and when its controller last spoke.
        """
        limit_ms = _END_MS if true_ms is None else true_ms + _AHEAD_MS
        snap = self._snap if self._snap is not None and self._snap.at_ms <= limit_ms else None
        sources = Sources(
            views=[_view(screen) for screen in self._screens.values() if screen.at_ms <= limit_ms],
            remembered=Remembered(epoch=snap.epoch, seq=snap.seq, at_ms=snap.at_ms, state=snap.state) if snap else None,
            kiosks=list(self._kiosks.values()),
        )
        events = rebuild(sources, today=today, stand_in=self._stand_in)
        if events:
            _log.warning(
                "a new disk: the day is rebuilt from %d screens, %d kiosks and %s; not heard: %s",
                len(sources.views),
                len(sources.kiosks),
                "the agent" if snap else "no agent",
                ", ".join(sorted(self._awaited)) or "nobody",
            )
        return events, sources.newest_ms

    def close(self) -> None:
        """The journal has the day: from now on it is ours."""
        self.is_asking = False

    def _stand_in(self, number: Number, service: ServiceId | None, at_ms: int) -> Ticket:
        return Ticket(
            id=new_id(),
            number=number,
            token=new_token(),
            service=service or self._service,
            language="fr",
            kiosk=None,
            ordered_at_ms=at_ms,
            priority=Priority.ORDINARY,
            key_ms=at_ms,
        )


def _is_sound(ticket: Ticket) -> bool:
    return _NUMBER.fullmatch(ticket.number) is not None


def _view(screen: Screen) -> View:
    calls = {call.number: call for call in screen.calls}
    rooms: dict[RoomId, Summons] = {}
    for one in screen.rooms:
        if one.number is not None:
            call = calls.get(one.number)
            at_ms, times = (call.at_ms, call.calls) if call else (one.called_at_ms or screen.at_ms, 1)
            rooms[one.room] = Summons(number=one.number, is_in_service=one.is_in_service, at_ms=at_ms, calls=times)
    return View(
        epoch=screen.epoch,
        rev=screen.rev,
        at_ms=screen.at_ms,
        day=screen.day,
        rooms=rooms,
        waiting=[(one.number, one.service) for one in screen.waiting],
        letters=screen.letters,
        duties=[
            Presence(room=one.room, duty=one.duty, practitioner=one.practitioner_id, until_ms=one.until_ms)
            for one in screen.rooms
        ],
        is_full=screen.intake == "full",
        warned_from=(screen.warning.device, *screen.warning.behind) if screen.warning else (),
    )
