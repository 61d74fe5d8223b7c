"""The one sequencer of a site: commands become events in a single order, and have happened once the journal has them.

Rule: deciding is free and in memory; nothing that was decided is told to anyone before `commit` has returned. A commit
that fails leaves the state as the disk has it.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta, tzinfo

from core.edge.clock import Clock
from core.edge.crash import crash_point
from core.edge.journal import CorruptJournal, Journal
from core.room.commands import AdmitTicket, Command, OpenDay, RefuseReport, ReportPrint, SetClock, StaffAct, Undo
from core.room.day import begins_ms, service_day
from core.room.decide import decide, decide_or_refuse, overdue
from core.room.events import ClockSet, DayOpened, Event, Record, WaitsForgotten, WaitsTold
from core.room.ids import RoomId
from core.room.ordering import KioskTime
from core.room.passage import Policy
from core.room.state import CorruptHistory, SiteState, evolve
from core.room.undo import Act, undo
from core.wire.coding import WireError, decode_record, decode_state, encode_record, encode_state
from firmware.controller.clock import SiteClock

__all__ = ["Sequencer"]

_log = logging.getLogger(__name__)

_READ_AT_ONCE = 1000


class Sequencer:
    """Used from one thread, the one that owns the journal."""

    def __init__(self, journal: Journal, clock: Clock, zone: tzinfo, policy: Policy) -> None:
        """Fold the journal.

        Raises:
            CorruptJournal: an entry cannot be read, or could not have followed the ones before it.
        """
        self.journal = journal
        self.state, last_ms = _replayed(journal)
        self._stored = self.state
        self._staged: list[Record[Event]] = []
        self._site_clock = SiteClock(clock, last_ms)
        self._zone = zone
        self.policy = policy
        """Of the centre's file and the newest plan; may be replaced at any time."""
        self._acts: dict[RoomId, Act] = {}
        """The newest act of each room that can be taken back, in memory only: after a restart nothing can."""
        self._stored_acts = self._acts
        if not self._has_doubts():
            self._site_clock.put_forward()  # nothing has been said yet

    @property
    def seq(self) -> int:
        """Place of the newest durable entry."""
        return self.journal.last

    def now_ms(self) -> int:
        return self._site_clock.now_ms()

    @property
    def is_in_doubt(self) -> bool:
        """Whether the site clock may be late."""
        return self._site_clock.is_in_doubt

    @property
    def has_staged(self) -> bool:
        """Whether there is something to commit."""
        return bool(self._staged)

    @property
    def policy_now(self) -> Policy:
        """What may be decided by: hours and shifts mean nothing while nobody knows the hour."""
        return self.policy.without_hours() if self.is_in_doubt else self.policy

    @property
    def is_closed(self) -> bool:
        """Whether it is a certain hour at which the centre is closed; never where no hours are known."""
        opening = self.policy_now.opening
        return opening is not None and opening.now(self.now_ms()) is None

    @property
    def policy_today(self) -> Policy:
        """As `policy`, without the shifts of the days to come, of which a plan has weeks."""
        if self.state.day is None:
            return self.policy
        tomorrow = (date.fromisoformat(self.state.day) + timedelta(days=1)).isoformat()
        ends_ms = begins_ms(tomorrow, self._zone)
        roster = self.policy.roster
        shifts = [shift for shift in roster.shifts if shift.begins_ms < ends_ms]
        return replace(self.policy, roster=replace(roster, shifts=shifts))

    @property
    def day_seq(self) -> int:
        """Place of the entry that opened the day; 0 before the first."""
        return int(self.journal.recall("day_seq") or 0)

    def submit(self, command: Command, cause: str | None = None) -> list[Event]:
        """Decide a command on the state with all that is staged, and stage what follows.

        Raises:
            CommandRejected: nothing is staged.
        """
        now_ms = self.now_ms()
        if isinstance(command, Undo):
            events: list[Event] = [undo(self.state, self._acts.get(command.room), now_ms, self.policy)]
        else:
            events = decide(self.state, command, now_ms, self.policy_now)
        self._stage(events, now_ms, cause)
        return events

    def submit_act(self, act: StaffAct, cause: str, room: RoomId | None) -> None:
        """As `submit`, for what a person asks; the room can take it back.

        Args:
            room: where it was asked, or whose doctor it is about; None for one that nobody takes back.

        Raises:
            CommandRejected: nothing is staged.
        """
        before = self.state
        self.submit(act, cause)
        if room is None:
            return
        done = Act(room=room, at_ms=self.now_ms(), before=before, after=self.state)
        if isinstance(act, Undo):
            self._acts = {other: one for other, one in self._acts.items() if other != room}
        elif not done.is_empty:
            self._acts = self._acts | {room: done}

    def submit_report(self, report: AdmitTicket | ReportPrint | RefuseReport) -> list[Event]:
        """As `submit`, for an entry of a kiosk's journal: what cannot be true is staged as refused."""
        events = decide_or_refuse(self.state, report, self.policy)
        self._stage(events, self.now_ms(), None)
        return events

    def let_time_pass(self) -> None:
        """Stage what follows from the hour alone: a day that begins, and what is overdue by the rules."""
        self._put_clock_forward()
        day, _ = self.true_day()
        if day is not None and (self.state.day is None or day > self.state.day):
            self.submit(OpenDay(day=day, began_ms=begins_ms(day, self._zone)))
        for command in overdue(self.state, self.now_ms(), self.policy_now):
            self.submit(command)

    def hear_time(self, told: KioskTime) -> None:
        """Learn the hour from a kiosk that a time server has set, while nobody has set this machine."""
        if told.is_synchronised and self._site_clock.true_ms() is None:
            self._site_clock.hear(told.wall_ms)
            self.let_time_pass()

    def hear_day(self, day: str) -> None:
        """Learn the day from a kiosk that numbers in it, while nobody has set this machine.

        It was begun by a clock that was set, be it the kiosk's own, so it has begun, even if nobody knows the hour now.
        """
        if self._site_clock.true_ms() is None and (self.state.day is None or day > self.state.day):
            began_ms = begins_ms(day, self._zone)
            self._site_clock.go_on_from(began_ms)
            self.submit(OpenDay(day=day, began_ms=began_ms))

    def tell(self, event: WaitsTold | WaitsForgotten) -> None:
        """Stage what patients are told of their wait from now on: nobody has decided it, and nobody takes it back."""
        self._stage([event], self.now_ms(), None)

    def restore(self, events: Sequence[Event], at_ms: int) -> None:
        """Stage a day that was put together from elsewhere, whose controller last spoke at an instant."""
        self._site_clock.go_on_from(at_ms)
        self._stage(events, self.now_ms(), None)

    def true_day(self) -> tuple[str | None, int | None]:
        """The service day and the hour now; None twice while nobody knows them."""
        true_ms = self._site_clock.true_ms()
        return (None, None) if true_ms is None else (service_day(true_ms, self._zone), true_ms)

    def _put_clock_forward(self) -> None:
        was_in_doubt, has_doubts = self.is_in_doubt, self._has_doubts()
        by_ms = self._site_clock.put_forward()
        if not self.is_in_doubt and (has_doubts or (by_ms and self.state.tickets)):
            self.submit(SetClock(by_ms=by_ms, was_in_doubt=was_in_doubt or has_doubts))

    def _has_doubts(self) -> bool:
        tickets, duties = self.state.tickets.values(), self.state.duties.values()
        return any(ticket.is_doubtful for ticket in tickets) or any(duty.is_doubtful for duty in duties)

    def commit(self) -> list[Record[Event]]:
        """Make what is staged durable, in one transaction.

        Returns:
            The new entries; their places end at `seq`.

        Raises:
            JournalFault: nothing was stored, and the state is as before.
        """
        staged, self._staged = self._staged, []
        if not staged:
            return []
        if any(record.cause for record in staged):
            crash_point("controller.accepted-not-committed")
        opened = [seq for seq, record in enumerate(staged, self.seq + 1) if isinstance(record.event, DayOpened)]
        if opened:
            self.journal.remember("day_seq", opened[-1])
        try:
            self.journal.append([encode_record(record) for record in staged])
        except BaseException:
            self.state, self._acts = self._stored, self._stored_acts
            self._site_clock.put_back(sum(one.event.by_ms for one in staged if isinstance(one.event, ClockSet)))
            raise
        self._stored, self._stored_acts = self.state, self._acts
        if opened:
            _remember_start(self.journal, self.state, staged[-1].at_ms)
        crash_point("controller.committed-not-told")
        return staged

    def _stage(self, events: Sequence[Event], now_ms: int, cause: str | None) -> None:
        for event in events:
            self.state = evolve(self.state, event, now_ms)
            self._staged.append(Record(at_ms=now_ms, event=event, cause=cause))


def _remember_start(journal: Journal, state: SiteState, at_ms: int) -> None:
    """Note where a fold may begin, so that a start reads one day and not years."""
    journal.remember("start_seq", journal.last)
    journal.remember("start_at_ms", at_ms)
    journal.remember("start_state", encode_state(state).decode())


def _replayed(journal: Journal) -> tuple[SiteState, int]:
    """Fold a journal from the newest start that it remembers."""
    seq = journal.first - 1
    state, at_ms = SiteState(), 0
    start = journal.recall("start_state")
    if start is not None:
        try:
            seq, at_ms = int(journal.recall("start_seq") or 0), int(journal.recall("start_at_ms") or 0)
            state = decode_state(str(start).encode())
        except (WireError, ValueError) as error:
            raise CorruptJournal(f"{journal.path}: the start that it remembers: {error}") from error
    while bodies := journal.read(seq, _READ_AT_ONCE):
        for body in bodies:
            seq += 1
            try:
                record = decode_record(body)
                state, at_ms = evolve(state, record.event, record.at_ms), record.at_ms
            except (WireError, CorruptHistory) as error:
                raise CorruptJournal(f"{journal.path}: entry {seq}: {error}") from error
    return state, at_ms
