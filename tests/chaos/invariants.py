"""The nine invariants, each held against what was seen from outside and what lies on the disks. Pure.

Rule: a checker trusts no process. It says how an invariant was broken, or nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise

from core.room.duty import DutyState
from core.room.events import (
    ActUndone,
    DayOpened,
    Event,
    Record,
    ReportRefused,
    TicketCalled,
    TicketIssued,
    TicketRecalled,
    TicketRequeued,
    TicketResumed,
)
from core.room.state import CorruptHistory, SiteState, evolve, fingerprint
from core.room.transitions import IN_ROOM
from core.wire.coding import decode_record
from core.wire.messages import IssuedReport
from tests.chaos.evidence import Evidence
from tests.chaos.schedule import Blow

__all__ = ["INVARIANTS", "Broken", "check"]

Broken = tuple[int, str]
"""Which invariant, and how."""

_SERVED_S = 8.0
"""A finger that meets a kiosk, a printer and a disk that are well has its slip within this time, whatever else is
broken: a second on an idle machine, on one that other work shares several."""
_BEFORE_S = 4.0
"""A blow to a kiosk is felt this long after it is over: it starts again."""
_TROUBLE_S = 6.0
"""A lamp says within 5 s that no press would be heard; it is looked at ten times a second."""
_MEMORY_KB = 200_000
_RANK = {"waiting": 0, "called": 1, "in-service": 2, "no-show": 3, "done": 3, "cancelled": 3}


def check(seen: Evidence) -> list[Broken]:
    """Every way in which an invariant is broken; none when all are held."""
    return [(number, how) for number, (_, checker) in INVARIANTS.items() for how in checker(seen)]


def _no_number_twice(seen: Evidence) -> Iterator[str]:
    days = [record.event.day for record in seen.records if isinstance(record.event, DayOpened)]
    if len(days) != 1:
        yield f"one evening is one service day, not {days}"
    yield from _doubled((slip.number for slip in seen.slips if slip.number), "on two slips")
    given = (one for disk in seen.kiosks.values() for one in disk.reports if isinstance(one, IssuedReport))
    yield from _doubled((report.number for report in given), "given twice by the kiosks")


def _every_slip_is_known_once(seen: Evidence) -> Iterator[str]:
    stored = [decode_record(body.encode()).event for body in seen.stored.values()]
    issued = [event for event in stored if isinstance(event, TicketIssued)]
    tokens = Counter(event.token for event in issued)
    on_disk = {one.token for disk in seen.kiosks.values() for one in disk.reports if isinstance(one, IssuedReport)}
    number_of = {event.token: event.number for event in issued}
    yield from _doubled((slip.token for slip in seen.slips if slip.token), "printed twice")
    for slip in seen.slips:
        if slip.token is None or slip.number is None:
            yield f"{slip.file} cannot be read: code {slip.token}, number {slip.number}"
        elif slip.token not in on_disk:
            yield f"{slip.number} fell out of a kiosk whose disk does not know it"
        elif tokens[slip.token] != 1:
            yield f"{slip.number} is {tokens[slip.token]} times in the agent's store"
        elif number_of[slip.token] != slip.number:
            yield f"{slip.number} is {number_of[slip.token]} in the agent's store"


def _every_event_is_stored_once(seen: Evidence) -> Iterator[str]:
    ours = dict(enumerate((decode_record(body) for body in seen.bodies), 1))
    theirs = {seq: decode_record(body.encode()) for seq, body in seen.stored.items()}
    for seq in sorted(ours.keys() | theirs.keys()):
        if ours.get(seq) != theirs.get(seq):
            yield f"entry {seq} is {ours.get(seq)} at the site and {theirs.get(seq)} in the agent's store"
            break
    for entry in seen.tape:
        if entry.kind == "acknowledged" and entry.what["upto"] > entry.what["stored"]:
            yield f"at {entry.at_s} s {entry.what['upto']} were acknowledged and {entry.what['stored']} stored"
    told = Counter(record.event.ticket for record in seen.records if isinstance(record.event, TicketIssued))
    for kiosk, disk in seen.kiosks.items():
        for report in disk.reports:
            if isinstance(report, IssuedReport) and told[report.ticket] != 1:
                yield f"{report.number} of {kiosk} is {told[report.ticket]} times in the site's journal"
    for record in seen.records:
        if isinstance(record.event, ReportRefused):
            yield f"a report of {record.event.kiosk} was refused: {record.event.code}"


def _a_call_is_one_and_stays(seen: Evidence) -> Iterator[str]:
    state = SiteState()
    calls: set[tuple[str, str]] = set()
    for seq, record in enumerate(seen.records, 1):
        event, before = record.event, state
        try:
            state = evolve(state, event, record.at_ms)
        except CorruptHistory as error:
            yield f"entry {seq}: {error}"
            return
        rooms = [str(ticket.room) for ticket in state.tickets.values() if ticket.state in IN_ROOM]
        yield from _doubled(rooms, f"holds two tickets after entry {seq}")
        if isinstance(event, TicketCalled | TicketRecalled | TicketResumed):
            ticket = state.tickets[event.ticket]
            calls.add((ticket.number, seen.labels[str(ticket.room)]))
            duty = before.on_duty(ticket.room) if ticket.room else None
            if duty is None or duty.state is not DutyState.ON:
                yield f"entry {seq} calls {ticket.number} to {ticket.room}, where nobody is on duty"
    shown = {call for sight in seen.boards for call in sight.calls}
    for number, label in sorted(shown - calls):
        yield f"the board called {number} to room {label}, which nobody remembers"
    for room, label in seen.labels.items():
        yes = sum(one.kind == "lamp" and one.what == {"room": room, "shows": "one-long"} for one in seen.tape)
        done = {record.cause for record in seen.records if record.cause is not None and _room(record, seen) == room}
        if yes > len(done):
            yield f"the lamp of room {label} said yes {yes} times, {len(done)} presses were done"


def _nothing_goes_back(seen: Evidence) -> Iterator[str]:
    missing = sorted(set(range(1, seen.stored_upto + 1)) - seen.stored.keys())
    if missing:
        yield f"the agent lacks entries {missing[:5]} of {seen.stored_upto}"
    for before, after in pairwise(seen.records):
        if after.at_ms < before.at_ms:
            yield f"the site clock went back by {before.at_ms - after.at_ms} ms"
    yield from _phones_that_go_back(seen)
    yield from _boards_that_go_back(seen)


def _phones_that_go_back(seen: Evidence) -> Iterator[str]:
    rank: dict[str, tuple[int, str]] = {}
    put_back = {ticket.token for one in _put_back(seen) if (ticket := seen.state.tickets.get(one))}
    for entry in seen.tape:
        if entry.kind == "phone":
            told, token = entry.what["told"], entry.what["token"]
            now = _RANK[told["state"]], told["state"]
            if now[0] < rank.get(token, now)[0] and token not in put_back:
                yield f"at {entry.at_s} s the phone of {told['number']} went from {rank[token][1]} back to {now[1]}"
            rank[token] = now


def _boards_that_go_back(seen: Evidence) -> Iterator[str]:
    numbers: dict[str, str] = {}
    place: dict[tuple[str, str], int] = {}
    put_back = _put_back(seen)
    for seq, record in enumerate(seen.records):
        match record.event:
            case TicketIssued(ticket=ticket, number=number):
                numbers[ticket] = number
            case TicketCalled(ticket=ticket, room=room) if ticket not in put_back:
                place.setdefault((numbers[ticket], seen.labels[room]), seq)
    newest, loose = -1, {numbers[one] for one in put_back if one in numbers}
    for sight in seen.boards:
        shown = max((place.get(call, -1) for call in sight.calls), default=-1)
        is_loose = any(number in loose for number, _ in sight.calls)
        if shown < newest and not sight.is_stale and not is_loose:
            yield f"at {sight.at_s} s the board went back to {sight.calls[:1]} and did not say that it is old"
        newest = max(newest, shown)


def _all_are_one_again(seen: Evidence) -> Iterator[str]:
    if seen.healed_after_s is None:
        reported = {kiosk: seen.state.reported.get(one.disk, 0) for kiosk, one in seen.kiosks.items()}
        held = {kiosk: one.first - 1 + len(one.reports) for kiosk, one in seen.kiosks.items()}
        yield (
            f"not whole in time: the kiosks have {held} and have told {reported}, "
            f"the site has {len(seen.records)} entries, the agent {seen.stored_upto}"
        )
        return
    theirs = "nothing" if seen.stored_state is None else fingerprint(seen.stored_state)
    if theirs != fingerprint(seen.state):
        yield f"the site is {fingerprint(seen.state)}, the agent sees {theirs}"
    waiting = sum(ticket.state == "waiting" for ticket in seen.state.tickets.values())
    if (seen.last_page.get("waiting"), seen.last_page.get("online")) != (waiting, True):
        yield f"{waiting} wait, and the page says {seen.last_page}"
    for room, shows in seen.last_lamps.items():
        if shows not in {"off", "steady"}:
            yield f"the lamp of {room} still shows {shows}"
    if seen.boards and seen.boards[-1].is_stale:
        yield "the board still says that it is old"
    if any(duty.state is DutyState.ON for duty in seen.state.duties.values()) and not seen.state.newcomers:
        yield "a doctor is on duty, and nobody says how long a wait would be"


def _the_centre_goes_on(seen: Evidence) -> Iterator[str]:
    waits: dict[str, float] = {}
    for entry in seen.tape:
        kiosk = entry.what.get("kiosk", "")
        if entry.kind == "touch":
            waits[kiosk] = entry.at_s
        elif entry.kind in {"served", "turned-away"}:
            began_s = waits.pop(kiosk)
            took_s = entry.at_s - began_s
            is_late = entry.kind == "turned-away" or took_s > _SERVED_S
            if is_late and not _was_struck(seen, kiosk, began_s - _BEFORE_S, began_s + _SERVED_S):
                yield f"at {began_s:.1f} s a patient stood before {kiosk} for {took_s:.1f} s ({entry.kind})"
    for blow in seen.blows:
        if blow.kind == "pause" and blow.target in {"controller", "site-broker"} and blow.lasts_s > _TROUBLE_S:
            yield from _lamps_that_hide(seen, blow)


def _nothing_grows(seen: Evidence) -> Iterator[str]:
    most = Counter[str]()
    for entry in seen.tape:
        if entry.kind == "memory":
            most[entry.what["process"]] = max(most[entry.what["process"]], entry.what["kb"])
    for process, kb in most.items():
        if kb > _MEMORY_KB:
            yield f"{process} took {kb // 1000} MB"


def _nobody_dies_alone(seen: Evidence) -> Iterator[str]:
    for process, restarts in seen.restarts.items():
        if restarts > seen.deaths[process]:
            yield f"{process} was killed {seen.deaths[process]} times and started again {restarts} times"
    for process in seen.dead:
        yield f"{process} did not come back"
    for process, points in seen.not_passed.items():
        yield f"{process} never came by {', '.join(points)}"
    yield from seen.complaints


INVARIANTS: dict[int, tuple[str, Callable[[Evidence], Iterator[str]]]] = {
    1: ("no number is given twice in a service day", _no_number_twice),
    2: ("every slip is on its kiosk's disk, and once in the agent's store", _every_slip_is_known_once),
    3: ("every event is in the agent's store once, as it was written", _every_event_is_stored_once),
    4: ("a ticket is called to one room, and what was shown or answered stays", _a_call_is_one_and_stays),
    5: ("order is the site's order, and no screen goes back", _nothing_goes_back),
    6: ("after healing the network's picture is the centre's", _all_are_one_again),
    7: ("whatever else is broken, tickets are given and lamps tell the truth", _the_centre_goes_on),
    8: ("memory stays within its limit", _nothing_grows),
    9: ("every process is up again without a hand, and none died by itself", _nobody_dies_alone),
}


def _doubled(ones: Iterable[str], where: str) -> Iterator[str]:
    yield from (f"{one} {where}" for one, times in Counter(ones).items() if times > 1)


def _room(record: Record[Event], seen: Evidence) -> str | None:
    """The room in which a press was done."""
    if hasattr(record.event, "room"):
        return str(record.event.room)
    ticket = seen.state.tickets.get(getattr(record.event, "ticket", ""))
    return str(ticket.room) if ticket else None


def _put_back(seen: Evidence) -> set[str]:
    """Tickets that rightly went back: their call was taken back, or the doctor left before they came."""
    ids: set[str] = set()
    for record in seen.records:
        match record.event:
            case ActUndone(tickets=tickets):
                ids.update(one.ticket for one in tickets)
            case TicketRequeued(ticket=ticket):
                ids.add(ticket)
    return ids


def _was_struck(seen: Evidence, kiosk: str, from_s: float, until_s: float) -> bool:
    """Whether the storm hit a kiosk or its printer in that time; what its link suffers is no excuse."""
    return any(
        blow.target == kiosk and blow.kind != "cut" and blow.at_s < until_s and blow.until_s > from_s
        for blow in seen.blows
    ) or any(
        entry.kind == "crash" and entry.what["process"] == kiosk and from_s < entry.at_s < until_s
        for entry in seen.tape
    )


def _lamps_that_hide(seen: Evidence, blow: Blow) -> Iterator[str]:
    for room in seen.labels:
        shows = "dead"
        for entry in seen.tape:
            if entry.kind == "lamp" and entry.what["room"] == room:
                if entry.at_s > blow.at_s + _TROUBLE_S:
                    break
                shows = entry.what["shows"]
        if shows in {"off", "steady"}:
            yield f"{_TROUBLE_S} s after {blow} the lamp of {room} shows {shows}"
