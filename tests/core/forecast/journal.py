"""A centre's journal in the making: acts decided by the real rules, each at its time."""

from __future__ import annotations

from dataclasses import replace

from core.room import events as e
from core.room.commands import Command
from core.room.decide import decide
from core.room.ids import RoomId
from core.room.passage import Policy
from core.room.state import SiteState, evolve
from core.room.undo import Act, undo
from tests.core.room.given import NINE, issued

__all__ = ["Journal"]


class Journal:
    """Records, and the state that they come to."""

    def __init__(self, policy: Policy, day: str = "2026-11-22") -> None:
        self.policy, self.state = policy, SiteState()
        self.records: list[e.Record[e.Event]] = []
        self._acts: dict[RoomId, Act] = {}
        self.happens(0, e.DayOpened(day=day))

    def happens(self, minute: float, *events: e.Event) -> None:
        """Take events in, some minutes after `NINE`."""
        at_ms = NINE + round(minute * 60_000)
        for event in events:
            self.state = evolve(self.state, event, at_ms)
            self.records.append(e.Record(at_ms=at_ms, event=event))

    def comes(self, minute: float, *numbers: str, priority: e.Priority = e.Priority.ORDINARY) -> None:
        """Kiosks give tickets."""
        for number in numbers:
            self.happens(minute, issued(number, minute=minute, priority=priority, disk_seq=len(self.records)))

    def does(self, minute: float, command: Command) -> None:
        """Somebody asks for something, and it is done."""
        before, at_ms = self.state, NINE + round(minute * 60_000)
        self.happens(minute, *decide(before, command, at_ms, self.policy))
        room = getattr(command, "room", None)
        if room is not None:
            self._acts[room] = Act(room=room, at_ms=at_ms, before=before, after=self.state)

    def takes_back(self, minute: float, room: RoomId) -> None:
        """A room takes its last act back."""
        at_ms = NINE + round(minute * 60_000)
        self.happens(minute, undo(self.state, self._acts.pop(room), at_ms, self.policy))

    def closed(self) -> list[e.Record[e.Event]]:
        """The records, once the next day has begun."""
        later = replace(self.records[-1], event=e.DayOpened(day="2026-11-23"), at_ms=NINE + 20 * 3_600_000)
        return [*self.records, later]
