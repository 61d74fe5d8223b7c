"""Every message, event and act, drawn within the bounds that the protocol sets."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

from hypothesis import strategies as st

from core.forecast.habits import FIRST_DAY, Mean
from core.room.commands import Cancel, RaiseWarning, StaffAct, StayUntil
from core.room.duty import Duty, DutyState
from core.room.events import (
    ActUndone,
    DutyBegan,
    DutyEnded,
    DutyRestored,
    DutyUntilSet,
    Event,
    IntakeReopened,
    PrintOutcome,
    Priority,
    Record,
    TicketCancelled,
    TicketRestored,
    WaitsTold,
)
from core.room.ordering import KioskTime
from core.room.outlook import Told, Wait
from core.room.state import Grant, Intake, SiteState, TeamWarning, Ticket
from core.room.transitions import TicketState
from core.wire import messages as m

ids = st.from_regex(r"[a-z0-9][a-z0-9-]{0,31}", fullmatch=True)
numbers = st.from_regex(r"[A-Z][0-9]{3}", fullmatch=True)
letters = st.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
tokens = st.from_regex(r"[A-Za-z0-9_-]{16}", fullmatch=True)
languages = st.sampled_from(["fr", "en", "es", "ar"])
millis = st.integers(0, 2**53 - 1)
instants = st.integers(0, 253_000_000_000_000 - 1)
keys = st.integers(-(2**53) + 1, 2**53 - 1)
seqs = st.integers(1, 2**40)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=200)
counts = st.integers(0, 10**6)
_maybe_ms = st.none() | millis
_maybe_counts = st.none() | counts


def _wait(quantiles: list[int], in_time: int | None) -> Wait:
    p10_s, p25_s, p50_s, p75_s, p90_s = sorted(quantiles)
    return Wait(p10_s=p10_s, p25_s=p25_s, p50_s=p50_s, p75_s=p75_s, p90_s=p90_s, in_time=in_time)


waits = st.builds(_wait, st.lists(st.integers(0, 7 * 86_400), min_size=5, max_size=5), st.none() | st.integers(0, 100))
tolds = st.builds(Told, at_ms=millis, wait=waits)
_newcomers = st.dictionaries(ids, waits, max_size=2)
_elsewhere = st.builds(
    m.Elsewhere,
    name=texts,
    distance_m=st.none() | counts,
    closes_ms=st.none() | instants,
    waiting=st.none() | counts,
    wait=st.none() | waits,
    heard_ms=instants,
)

times = st.builds(KioskTime, boot=millis, mono_ms=millis, wall_ms=millis, is_synchronised=st.booleans())

_FIELDS = {
    "ticket": ids,
    "number": numbers,
    "token": tokens,
    "service": ids,
    "language": languages,
    "kiosk": ids,
    "disk": ids,
    "disk_seq": seqs,
    "ordered_at_ms": millis,
    "priority": st.sampled_from(Priority),
    "key_ms": keys,
    "letter": letters,
    "room": ids,
    "day": st.dates().map(str),
    "outcome": st.sampled_from(PrintOutcome),
    "code": ids,
    "carried": st.none() | st.lists(ids, min_size=1, max_size=3).map(tuple),
    "by_ms": millis,
    "tickets": st.lists(ids, max_size=3).map(tuple),
    "rooms": st.none() | st.lists(ids, min_size=1, max_size=3).map(tuple),
    "is_doubtful": st.sampled_from([None, True]),
    "is_claimed": st.sampled_from([None, True]),
    "upto": st.none() | counts,
    "state": st.sampled_from(TicketState),
    "slip": st.none() | st.sampled_from(PrintOutcome),
    "calls": counts,
    "called_at_ms": st.none() | millis,
    "summoned_at_ms": st.none() | millis,
    "started_at_ms": st.none() | millis,
    "ended_at_ms": st.none() | millis,
    "replaces": st.none() | ids,
    "nth": _maybe_counts,
    "recalls": _maybe_counts,
    "returns": _maybe_counts,
    "practitioner": st.none() | ids,
    "owner": st.none() | ids,
    "back_to": st.none() | ids,
    "back_at_ms": _maybe_ms,
    "until_ms": _maybe_ms,
    "device": ids,
    "wait": st.none() | waits,
}


def _drawn(kind: type, **own: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    """One of a kind, its fields drawn by name save those that mean something of its own."""
    names = [name for name in kind.__dataclass_fields__ if name != "kind" and name not in own]
    return st.builds(kind, **own, **{name: _FIELDS[name] for name in names})


_duties = st.builds(
    Duty,
    room=ids,
    state=st.sampled_from(DutyState),
    practitioner=ids,
    since_ms=millis,
    until_ms=_maybe_ms,
    is_doubtful=_FIELDS["is_doubtful"],
)
_OWN: dict[type, dict[str, st.SearchStrategy[object]]] = {
    ActUndone: {
        "tickets": st.lists(_drawn(TicketRestored), max_size=2).map(tuple),
        "duty": st.none() | _duties,
    },
    Cancel: {"reason": st.sampled_from(["left", "staff"])},
    DutyBegan: {"practitioner": ids},
    DutyEnded: {"reason": st.sampled_from(["said", "silent", "day-over"])},
    DutyRestored: {"duty": _duties},
    DutyUntilSet: {"until_ms": millis},
    IntakeReopened: {"room": st.none() | ids},
    RaiseWarning: {"device": st.none() | ids},
    StayUntil: {"until_ms": millis},
    TicketCancelled: {"reason": st.sampled_from(["left", "staff", "day-over", "not-present"])},
    WaitsTold: {"tickets": st.dictionaries(ids, st.none() | waits, max_size=3), "newcomers": _newcomers},
}


def _all(union: object) -> st.SearchStrategy[object]:
    """Any member of a union of dataclasses."""
    return st.one_of([_drawn(kind, **_OWN.get(kind, {})) for kind in get_args(union)])


events = _all(Event)
acts = _all(StaffAct)
records = st.builds(Record, at_ms=millis, event=events, cause=st.none() | ids)
reports = st.builds(
    m.IssuedReport,
    ticket=ids,
    number=numbers,
    token=tokens,
    service=ids,
    language=languages,
    at=times,
    wait=st.none() | waits,
    claim=st.sampled_from([None, Priority.CARD, Priority.COURTESY]),
) | st.builds(m.PrintedReport, ticket=ids, outcome=st.sampled_from(PrintOutcome))

_tickets = st.builds(
    Ticket,
    id=ids,
    number=numbers,
    token=tokens,
    service=ids,
    language=languages,
    kiosk=ids,
    ordered_at_ms=millis,
    priority=st.sampled_from(Priority),
    key_ms=keys,
    state=st.sampled_from(TicketState),
    slip=st.none() | st.sampled_from(PrintOutcome),
    room=st.none() | ids,
    calls=counts,
    recalls=counts,
    returns=counts,
    practitioner=st.none() | ids,
    owner=st.none() | ids,
    back_to=st.none() | ids,
    back_at_ms=_maybe_ms,
    called_at_ms=_maybe_ms,
    summoned_at_ms=_maybe_ms,
    started_at_ms=_maybe_ms,
    ended_at_ms=_maybe_ms,
)
_warnings = st.builds(TeamWarning, device=ids, at_ms=millis)
states = st.builds(
    SiteState,
    day=st.none() | _FIELDS["day"],
    tickets=st.lists(_tickets, max_size=4).map(lambda some: {one.id: one for one in some}),
    grants=st.dictionaries(ids, st.builds(Grant, kiosk=ids, letter=letters), max_size=3),
    reported=st.dictionaries(ids, counts, max_size=3),
    refused=counts,
    duties=st.lists(_duties, max_size=3).map(lambda some: {one.room: one for one in some}),
    intake=st.builds(Intake, is_stopped=st.booleans(), is_kept_open=st.booleans()),
    warning=st.none() | _warnings,
    warnings_behind=st.lists(_warnings, max_size=2).map(tuple),
    told=st.dictionaries(ids, tolds, max_size=3),
    newcomers=_newcomers,
)

_first_names = st.text(st.characters(exclude_categories=["C"]), max_size=40)
_alerts = st.builds(m.Alert, code=ids, detail=texts)
_devices = st.builds(
    m.DeviceState,
    boot=counts,
    role=st.sampled_from(["controller", "kiosk", "room", "display"]),
    state=st.sampled_from(["ready", "alert", "lost"]),
    version=texts,
    epoch=st.none() | ids,
    alerts=st.lists(_alerts, max_size=3),
    refused=st.dictionaries(texts, counts, max_size=3),
    shown_rev=st.none() | counts,
    rings_ms=_maybe_ms,
)

_figures = st.floats(allow_nan=False, allow_infinity=False)
_means = st.builds(Mean, value=_figures, weight=_figures)
_habits = st.builds(
    replace,
    st.just(FIRST_DAY),
    upto=st.none() | _FIELDS["day"],
    level=_means,
    practitioners=st.dictionaries(ids, _means, max_size=3),
)

messages: dict[type[m.Message], st.SearchStrategy[m.Message]] = {
    m.DeviceState: _devices,
    m.Reports: st.builds(
        m.Reports,
        epoch=ids,
        first=seqs,
        oldest=seqs,
        known=counts,
        told=times,
        entries=st.lists(reports.map(lambda one: one.model_dump(mode="json")), min_size=1, max_size=4),
    ),
    m.Ack: st.builds(m.Ack, epoch=ids, upto=counts, refused=st.none() | ids),
    m.Ask: st.builds(
        m.Ask,
        id=ids,
        beat=texts,
        ttl_s=st.floats(0.001, 60),
        act=acts
        | st.builds(m.LetterWanted, disk=ids, letter=st.none() | letters)
        | st.builds(m.Presented, slip=numbers | tokens, service=ids, language=languages, with_result=st.booleans()),
    ),
    m.Answer: st.builds(
        m.Answer,
        id=ids,
        outcome=st.sampled_from(["done", "rejected", "expired"]),
        code=st.none() | ids,
        number=st.none() | numbers,
        letter=st.none() | letters,
        beat=st.none() | texts,
    ),
    m.Screen: st.builds(
        m.Screen,
        epoch=ids,
        rev=counts,
        beat=texts,
        at_ms=instants,
        day=st.none() | _FIELDS["day"],
        rooms=st.lists(
            st.builds(
                m.BoardRoom,
                room=ids,
                number=st.none() | numbers,
                ticket=st.none() | ids,
                is_in_service=st.booleans(),
                called_at_ms=_maybe_ms,
                started_at_ms=_maybe_ms,
                duty=st.sampled_from(DutyState),
                practitioner=st.none() | texts,
                practitioner_id=st.none() | ids,
                until_ms=_maybe_ms,
                waiting=counts,
                next=st.lists(numbers, max_size=3),
                parked=st.lists(st.builds(m.Parked, ticket=ids, number=numbers), max_size=3),
            ),
            max_size=3,
        ),
        calls=st.lists(st.builds(m.Call, number=numbers, room=ids, at_ms=millis, calls=counts), max_size=3),
        waiting=st.lists(
            st.builds(
                m.Waiting,
                ticket=st.none() | ids,
                number=numbers,
                service=ids,
                priority=st.sampled_from(Priority),
                since_ms=_maybe_ms,
                is_claimed=st.booleans(),
                told=st.none() | tolds,
            ),
            max_size=3,
        ),
        last_numbers=st.dictionaries(letters, st.integers(0, 999), max_size=3),
        letters=st.dictionaries(ids, letters, max_size=3),
        is_gathering=st.booleans(),
        intake=st.sampled_from(["open", "full", "closed"]),
        opens_ms=st.none() | instants,
        closes_ms=_maybe_ms,
        newcomers=_newcomers,
        expected=st.none() | st.builds(m.Expected, room=ids, practitioner=st.none() | texts, begins_ms=instants),
        elsewhere=st.lists(_elsewhere, max_size=3),
        warning=st.none()
        | st.builds(
            m.Ringing,
            device=ids,
            at_ms=millis,
            heard=st.lists(ids, max_size=3),
            behind=st.lists(ids, max_size=3),
        ),
        doubts=st.lists(
            st.builds(
                m.Doubt,
                kind=st.sampled_from(["missing", "past-end"]),
                room=ids,
                practitioner=st.none() | texts,
                since_ms=millis,
            ),
            max_size=2,
        ),
    ),
    m.SiteConfig: st.builds(
        m.SiteConfig,
        rev=counts,
        practitioners=st.dictionaries(ids, texts, max_size=3),
        shifts=st.lists(st.builds(m.Shift, practitioner=ids, room=ids, begins_ms=millis, ends_ms=millis), max_size=3),
        days=st.dictionaries(
            _FIELDS["day"],
            st.builds(
                m.DayHours, opens_min=st.none() | st.integers(0, 1439), closes_min=st.none() | st.integers(1, 1440)
            ),
            max_size=2,
        ),
    ),
    m.LogBatch: st.builds(
        m.LogBatch, epoch=ids, first=seqs, oldest=seqs, records=st.lists(records, min_size=1, max_size=4)
    ),
    m.Snap: st.builds(m.Snap, epoch=ids, seq=counts, fingerprint=ids, at_ms=millis, state=states),
    m.LinkState: st.builds(m.LinkState, boot=counts, epoch=ids, online=st.booleans(), is_gathering=st.booleans()),
    m.Fleet: st.builds(m.Fleet, devices=st.dictionaries(ids, _devices, max_size=3)),
    m.Learnt: st.builds(m.Learnt, epoch=ids, seq=counts, habits=_habits),
    m.Named: st.builds(m.Named, ticket=ids, first_name=_first_names, born=st.none() | st.integers(1900, 2100)),
    m.Network: st.builds(m.Network, at_ms=instants, centres=st.lists(_elsewhere, max_size=3)),
    m.AgentState: st.builds(m.AgentState, boot=counts, online=st.booleans()),
}
messages[m.Kept] = st.builds(
    m.Kept,
    screen=st.none() | messages[m.Screen],
    disk=st.none() | ids,
    letter=st.none() | letters,
    day=st.none() | _FIELDS["day"],
)
