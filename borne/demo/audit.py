"""What came of an evening: its figures, and each promise held against slips, the centre's disks and the agent's store.

Rule: the slips are read from their bytes and the store from its tables, so that no process vouches for itself.
"""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from agent.store.store import Store
from borne.demo.stage import SITE, Stage
from borne.demo.watch import Watch, read_only
from borne.demo.workbench.bench import address_on
from core.room.duty import DutyState
from core.room.events import (
    ActUndone,
    Event,
    PrintOutcome,
    Record,
    TicketCalled,
    TicketIssued,
    TicketRecalled,
    TicketResumed,
)
from core.room.ids import DiskId, SiteId, TicketId
from core.room.state import SiteState, evolve, fingerprint
from core.room.transitions import IN_ROOM, TicketState
from core.wire.coding import decode_record

__all__ = ["Figures", "audit", "figures", "is_drained"]


@dataclass(frozen=True, kw_only=True)
class Figures:
    """What an elected official would ask."""

    issued: int
    printed: int
    called: int
    completed: int
    no_show: int
    """Who was called and is not there, given up after an hour or not yet."""
    taken_back: int
    mean_wait_min: float | None
    """From the ticket to the first call, of those who were called."""


@dataclass(frozen=True, kw_only=True)
class _Agent:
    """What the agent's store holds of the site."""

    epoch: str | None
    upto: int
    state: SiteState | None
    bodies: dict[int, str]


@dataclass(frozen=True, kw_only=True)
class _Evidence:
    patients: int
    slips: list[str | None]
    """For each slip the token that its code leads to; None when no code can be read."""
    site: Watch
    agent: _Agent
    kiosk: tuple[DiskId, int]
    """The kiosk's disk, and how many entries it holds."""


def figures(state: SiteState, records: Iterable[Record[Event]] = ()) -> Figures:
    """The figures of a day; what was taken back is known by its records alone."""
    tickets = list(state.tickets.values())
    called = [ticket for ticket in tickets if ticket.calls]
    waits_min = [((ticket.called_at_ms or 0) - ticket.ordered_at_ms) / 60_000 for ticket in called]
    return Figures(
        issued=len(tickets),
        printed=sum(ticket.slip is PrintOutcome.PRINTED for ticket in tickets),
        called=len(called),
        completed=sum(ticket.state is TicketState.DONE for ticket in tickets),
        no_show=sum(ticket.state in (TicketState.NO_SHOW, TicketState.CANCELLED) for ticket in called),
        taken_back=sum(isinstance(record.event, ActUndone) for record in records),
        mean_wait_min=round(statistics.mean(waits_min), 1) if waits_min else None,
    )


def is_drained(stage: Stage, site: Watch) -> bool:
    """Whether what the kiosk and the centre have is with the agent too."""
    site.look()
    kiosk, entries = _kiosk(stage)
    agent = _agent(stage, site.epoch)
    return site.state.reported.get(kiosk) == entries and agent.upto == site.seq


def audit(stage: Stage, site: Watch, *, patients: int) -> dict[str, str]:
    """Each promise, and `held` or how it was broken.

    Args:
        patients: how many came.
    """
    site.look()
    evidence = _Evidence(
        patients=patients,
        slips=[_token(path) for path in sorted(stage.slips.glob("*.bin"))],
        site=site,
        agent=_agent(stage, site.epoch),
        kiosk=_kiosk(stage),
    )
    return {name: check(evidence) or "held" for name, check in _PROMISES.items()}


def _every_patient_has_a_slip(seen: _Evidence) -> str | None:
    if len(seen.slips) == seen.patients and None not in seen.slips:
        return None
    return f"{seen.patients} patients, {len(seen.slips)} slips, {seen.slips.count(None)} without a readable code"


def _every_slip_is_in_the_site_once(seen: _Evidence) -> str | None:
    return _each_once(seen.slips, _issued(seen.site.records), "the site's journal")


def _every_slip_is_in_the_store_once(seen: _Evidence) -> str | None:
    stored = [decode_record(body.encode()) for body in seen.agent.bodies.values()]
    return _each_once(seen.slips, _issued(stored), "the agent's store")


def _no_number_is_given_twice(seen: _Evidence) -> str | None:
    return _doubled(record.event.number for record in seen.site.records if isinstance(record.event, TicketIssued))


def _no_room_holds_two(seen: _Evidence) -> str | None:
    for seq, (_, _, state) in enumerate(_steps(seen), 1):
        doubled = _doubled(str(ticket.room) for ticket in state.tickets.values() if ticket.state in IN_ROOM)
        if doubled:
            return f"after entry {seq}: {doubled}"
    return None


def _only_rooms_on_duty_call(seen: _Evidence) -> str | None:
    for seq, (before, record, after) in enumerate(_steps(seen), 1):
        if isinstance(record.event, TicketCalled | TicketRecalled | TicketResumed):
            room = after.tickets[record.event.ticket].room
            duty = before.on_duty(room) if room else None
            if duty is None or duty.state is not DutyState.ON:
                return f"entry {seq} calls a patient to {room}, where nobody is on duty"
    return None


def _what_is_taken_back_is_as_it_was(seen: _Evidence) -> str | None:
    states: list[SiteState] = []
    for seq, (before, record, after) in enumerate(_steps(seen), 1):
        states.append(before)
        event = record.event
        if isinstance(event, ActUndone):
            ids = [one.ticket for one in event.tickets]
            is_as_it_was = any(_part(was, event, ids) == _part(after, event, ids) for was in reversed(states[:-1]))
            changed = {one for one, ticket in after.tickets.items() if before.tickets.get(one) != ticket}
            if not is_as_it_was or not changed <= set(ids):
                return f"entry {seq} takes back what never was so"
    return None


def _the_agent_sees_what_the_site_is(seen: _Evidence) -> str | None:
    theirs = "nothing" if seen.agent.state is None else fingerprint(seen.agent.state)
    ours = fingerprint(seen.site.state)
    return None if theirs == ours else f"the site is {ours}, the agent sees {theirs}"


def _the_store_is_a_copy_of_the_journal(seen: _Evidence) -> str | None:
    ours = dict(enumerate((decode_record(body) for body in seen.site.bodies), 1))
    theirs = {seq: decode_record(body.encode()) for seq, body in seen.agent.bodies.items()}
    unlike = sorted(seq for seq in ours.keys() | theirs.keys() if ours.get(seq) != theirs.get(seq))
    return f"{len(unlike)} entries differ, the first is {unlike[0]}" if unlike else None


def _sequences_have_no_gap(seen: _Evidence) -> str | None:
    missing = sorted(set(range(1, seen.agent.upto + 1)) - seen.agent.bodies.keys())
    return f"the agent lacks {missing[:5]}" if missing else None


def _nothing_is_left_to_tell(seen: _Evidence) -> str | None:
    disk, entries = seen.kiosk
    told = seen.site.state.reported.get(disk, 0)
    if told == entries and seen.agent.upto == seen.site.seq:
        return None
    return f"kiosk {told} of {entries} told, site {seen.agent.upto} of {seen.site.seq}"


_PROMISES: dict[str, Callable[[_Evidence], str | None]] = {
    "every patient has a slip": _every_patient_has_a_slip,
    "every slip is in the site's journal exactly once": _every_slip_is_in_the_site_once,
    "every slip is in the agent's store exactly once": _every_slip_is_in_the_store_once,
    "no number is given twice": _no_number_is_given_twice,
    "no room holds two tickets": _no_room_holds_two,
    "a room where nobody is on duty calls nobody": _only_rooms_on_duty_call,
    "what is taken back is as it was": _what_is_taken_back_is_as_it_was,
    "the agent's fold is the site's state": _the_agent_sees_what_the_site_is,
    "the agent's store is the site's journal": _the_store_is_a_copy_of_the_journal,
    "sequences have no gap": _sequences_have_no_gap,
    "outboxes are empty": _nothing_is_left_to_tell,
}


def _steps(seen: _Evidence) -> Iterator[tuple[SiteState, Record[Event], SiteState]]:
    """Each entry of the site's journal, between what was before it and after."""
    before = SiteState()
    for record in seen.site.records:
        after = evolve(before, record.event, record.at_ms)
        yield before, record, after
        before = after


def _part(state: SiteState, undone: ActUndone, tickets: Iterable[TicketId]) -> object:
    """What a taken back act had touched, but for what became of the slips."""
    shown = [replace(state.tickets[one], slip=None) if one in state.tickets else None for one in tickets]
    return shown, state.on_duty(undone.room) if undone.duty else None


def _issued(records: Iterable[Record[Event]]) -> list[str]:
    return [record.event.token for record in records if isinstance(record.event, TicketIssued)]


def _each_once(slips: Sequence[str | None], tokens: Sequence[str], where: str) -> str | None:
    count = Counter(tokens)
    wrong = [slip for slip in slips if slip is not None and count[slip] != 1]
    return f"{len(wrong)} slips are not exactly once in {where}" if wrong else None


def _doubled(ones: Iterable[str]) -> str | None:
    doubled = [one for one, times in Counter(ones).items() if times > 1]
    return f"{', '.join(doubled[:5])} more than once" if doubled else None


def _token(slip: Path) -> str | None:
    address = address_on(slip)
    return None if address is None else address.rpartition("/t/")[2]


def _kiosk(stage: Stage) -> tuple[DiskId, int]:
    db = read_only(stage.tree.device(SITE, f"{SITE}-kiosk") / "data" / "tickets.db")
    try:
        (disk,) = db.execute("SELECT value FROM fact WHERE name = 'epoch'").fetchone()
        (last,) = db.execute("SELECT coalesce(max(seq), 0) FROM entry").fetchone()
    finally:
        db.close()
    return DiskId(disk), last


def _agent(stage: Stage, epoch: str) -> _Agent:
    site = SiteId(SITE)
    with Store(f"sqlite:///{stage.tree.agent / 'agent.db'}") as store:
        stream = store.stream(site, epoch)
        upto = stream.upto if stream else 0
        bodies = store.bodies(site, epoch, first=0, last=2**62)
    return _Agent(epoch=epoch, upto=upto, state=stream.state if stream else None, bodies=bodies)
