"""Every page of the room's screen: what it says and offers now.

Rule: pure. A page offers what the controller would most likely do, and leaves it to the controller to refuse.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from core.edge.words import RIGHT_TO_LEFT, say
from core.room import commands as c
from core.room.duty import DutyState
from core.room.events import Priority
from core.room.ids import Number, RoomId, ServiceId, TicketId
from core.room.phrases import Phrase
from core.wire.messages import Doubt, Named, Ringing, Screen, Waiting
from firmware.room import flow as f
from firmware.room.sheet import Button, Pen, Place, Sheet

__all__ = ["sheet_of"]

_MINUTE_MS = 60_000
_QUARTER_MS = 15 * _MINUTE_MS
_HALF_HOUR_MS = 30 * _MINUTE_MS
_HOUR_MS = 60 * _MINUTE_MS
_ENDS_OFFERED = 4
_COLUMNS = 2
_PER_SHEET = 6
_STAFF_PRIORITIES = (Priority.URGENT, Priority.SOON, Priority.ORDINARY)
"""What a person in a room sets; cards and returns are known at the kiosk and by the rules."""


def sheet_of(flow: f.Flow, screen: Screen | None, place: Place, *, is_fresh: bool, named: Named | None = None) -> Sheet:
    """The sheet of a page; a warning that rings, and a controller that is not heard, take its place.

    Args:
        named: who was called to this room last, where the centre asks for names.
    """
    if screen is None or not is_fresh:
        title, advice = (
            say(Phrase(name), place.language) for name in ("unit.not-connected", "unit.not-connected-advice")
        )
        return Sheet(language=place.language, label=title, body=advice)
    pen = Pen(flow, screen, place, named)
    if screen.warning is not None:
        return _warning(pen, screen.warning)
    match flow.page:
        case f.Home():
            return _home(pen)
        case f.Queue(sheet):
            return _listed(pen, [_waiting(pen, one) for one in screen.waiting], sheet, f.Queue)
        case f.Away(sheet):
            return _listed(pen, _resumes(pen), sheet, f.Away)
        case f.Here():
            return _here(pen)
        case f.One(ticket):
            return _one(pen, ticket)
        case f.Transferring(ticket, number):
            return _transferring(pen, ticket, number)
        case f.OnDuty():
            return _on_duty(pen)
        case f.Team():
            call = pen.do("call-team", c.RaiseWarning(), is_main=True)
            return pen.sheet((call, pen.back()), body=pen.words("team-advice"))
        case f.Unclear(doubt):
            return _unclear(pen, doubt)


def _home(pen: Pen) -> Sheet:
    here = pen.own
    if here.number is not None:
        name, timed, at_ms = (
            ("with-doctor", "with-doctor-at", here.started_at_ms)
            if here.is_in_service
            else ("called", "called-at", here.called_at_ms)
        )
        label = pen.words(name) if at_ms is None else pen.words(timed, time=pen.time(at_ms))
    else:
        label = pen.words("room-free" if here.duty is DutyState.ON else f"duty-{here.duty}")
    return pen.sheet(
        _likely(pen),
        _ways(pen),
        label=label,
        number=here.number or "",
        aside=pen.words("waiting", here.waiting) if here.waiting else pen.words("nobody-waits"),
        following=tuple(here.next),
        banner=_banner(pen),
    )


def _likely(pen: Pen) -> tuple[Button, ...]:
    """What is meant most often now, the likeliest first."""
    here, room = pen.own, pen.place.room
    if here.duty is not DutyState.ON:
        name = "come-on-duty" if here.duty is DutyState.OFF else "come-back"
        return (pen.do(name, c.ComeOnDuty(room=room), is_main=True),)
    if here.number is None:
        away = (pen.go("away", f.Away(), note=str(len(here.parked))),) if here.parked else ()
        return (
            pen.do("call-next", c.CallNext(room=room), is_main=True),
            *away,
            pen.do("pause", c.Pause(room=room)),
        )
    if here.is_in_service:
        complete = pen.do("complete", c.Complete(room=room), is_main=True)
        return (complete, pen.do("park", c.Park(room=room)), *_care(pen))
    return (
        pen.do("recall", c.Recall(room=room), is_main=True),
        pen.do("not-there", c.MarkNoShow(room=room)),
        pen.do("came", c.Start(room=room)),
    )


def _ways(pen: Pen) -> tuple[Button, ...]:
    """To the other pages, and back in time."""
    return (
        pen.go("queue", f.Queue(), note=str(len(pen.screen.waiting))),
        pen.go("team", f.Team()) if pen.own.number is None else pen.go("patient", f.Here()),
        pen.go("duty", f.OnDuty()),
        pen.do("undo", c.Undo(room=pen.place.room)),
    )


def _banner(pen: Pen) -> Button | None:
    """The first question that nobody has answered, else that the evening is full."""
    for doubt in pen.screen.doubts:
        if f.doubt_key(doubt) not in pen.flow.dismissed:
            who, room = doubt.practitioner or pen.words("doctor"), pen.called(doubt.room)
            return pen.go(f"ask-{doubt.kind}", f.Unclear(doubt), who=who, room=room)
    if pen.screen.intake == "full" and pen.own.duty is DutyState.ON:
        return pen.do("reopen", c.ReopenIntake(room=pen.place.room))
    return None


def _listed(pen: Pen, buttons: Sequence[Button], sheet: int, page: Callable[[int], f.Page]) -> Sheet:
    """Buttons of which not all find room, and ways to the others."""
    if not buttons:
        return pen.sheet((pen.back(),), body=pen.words("nobody-waits"))
    sheets = -(-len(buttons) // _PER_SHEET)
    at = min(sheet, sheets - 1)
    shown = buttons[at * _PER_SHEET : (at + 1) * _PER_SHEET]
    signs = "▸◂" if pen.place.language in RIGHT_TO_LEFT else "◂▸"
    turns = [
        Button(sign, f.Go(page((at + step) % sheets))) for sign, step in zip(signs, (-1, 1), strict=True) if sheets > 1
    ]
    title = pen.words("waiting", len(buttons)) if page is f.Queue else pen.words("away")
    head = f"{title} · {at + 1}/{sheets}" if sheets > 1 else title
    return pen.sheet(*_in_rows(shown), (pen.back(), *turns), head=head)


def _waiting(pen: Pen, one: Waiting) -> Button:
    target: f.Target = f.Go(f.Queue()) if one.ticket is None else f.Go(f.One(one.ticket))
    return Button(one.number, target, _note(pen, one))


def _note(pen: Pen, one: Waiting) -> str:
    """Since when, and at which priority."""
    since = "" if one.since_ms is None else pen.time(one.since_ms)
    level = "" if one.priority is Priority.ORDINARY else pen.words(f"priority-{one.priority}")
    if one.is_claimed:
        level = pen.words("unchecked", level=level)
    return " · ".join(part for part in (since, level) if part)


def _resumes(pen: Pen) -> list[Button]:
    return [
        Button(one.number, f.Do(c.Resume(ticket=one.ticket, room=pen.place.room)), pen.words("resume"))
        for one in pen.own.parked
    ]


def _here(pen: Pen) -> Sheet:
    number, ticket, room = pen.own.number, pen.own.ticket, pen.place.room
    acts = (
        pen.do("complete", c.Complete(room=room)),
        pen.do("recall", c.Recall(room=room)),
        pen.do("not-there", c.MarkNoShow(room=room)),
        pen.do("park", c.Park(room=room)),
    )
    transfer = () if number is None or ticket is None else _transfer(pen, ticket, number)
    return pen.sheet(acts, (*_care(pen), *transfer, pen.back()), label=pen.words("patient"), number=number or "")


def _one(pen: Pen, ticket: TicketId) -> Sheet:
    one = next((one for one in pen.screen.waiting if one.ticket == ticket), None)
    if one is None:
        return pen.sheet((pen.back(f.Queue()),), body=pen.words("waits-no-more"))
    gone = pen.do("gone", c.Cancel(ticket=ticket, reason="staff"))
    label = " · ".join(part for part in (pen.service(one.service), _about(pen, one)) if part)
    levels = _levels(pen, ticket, one)
    return pen.sheet(
        levels, (*_transfer(pen, ticket, one.number), gone, pen.back(f.Queue())), label=label, number=one.number
    )


def _about(pen: Pen, one: Waiting) -> str:
    """As the note of the list, with what a patient has declared in full."""
    if not one.is_claimed:
        return _note(pen, one)
    since = "" if one.since_ms is None else pen.time(one.since_ms)
    return " · ".join(part for part in (since, pen.words(f"claims-{one.priority}")) if part)


def _levels(pen: Pen, ticket: TicketId, one: Waiting) -> tuple[Button, ...]:
    """The classes that a person sets; of one that the patient has declared, first whether it is so."""
    offered = [
        Button(
            ("✓ " if one.priority is level else "") + pen.words(f"priority-{level}"),
            f.Do(c.SetPriority(ticket=ticket, priority=level)),
        )
        for level in _STAFF_PRIORITIES
    ]
    if not one.is_claimed:
        return tuple(offered)
    confirm = pen.do("confirm", c.SetPriority(ticket=ticket, priority=one.priority), is_main=True)
    lower = pen.do("lower", c.SetPriority(ticket=ticket, priority=Priority.ORDINARY))
    return (confirm, lower, *offered[:-1])


def _transfer(pen: Pen, ticket: TicketId, number: Number) -> tuple[Button, ...]:
    return (pen.go("transfer", f.Transferring(ticket, number)),) if _others(pen, ticket) else ()


def _transferring(pen: Pen, ticket: TicketId, number: Number) -> Sheet:
    services = [
        Button(pen.service(service), f.Do(c.Transfer(ticket=ticket, service=service)))
        for service in _others(pen, ticket)
    ]
    return pen.sheet(*_in_rows(services), (pen.back(),), head=pen.words("transfer-to", number=number))


def _on_duty(pen: Pen) -> Sheet:
    here, room = pen.own, pen.place.room
    if here.duty is DutyState.OFF:
        begin = pen.do("come-on-duty", c.ComeOnDuty(room=room), is_main=True)
        return pen.sheet((begin, pen.back()), body=pen.words("duty-off"))
    now_ms = pen.screen.at_ms
    earlier_ms = (here.until_ms or now_ms) - _HALF_HOUR_MS
    later_ms = (here.until_ms or now_ms) + _HALF_HOUR_MS
    until = [pen.do("earlier", c.StayUntil(room=room, until_ms=earlier_ms), stays=True)] if earlier_ms > now_ms else []
    until += [pen.do("later", c.StayUntil(room=room, until_ms=later_ms), stays=True)]
    until += [
        Button(pen.time(end_ms), f.Do(c.StayUntil(room=room, until_ms=end_ms), stays=True)) for end_ms in _ends(pen)
    ]
    is_paused = here.duty is DutyState.PAUSE
    pause = pen.do("come-back", c.ComeOnDuty(room=room)) if is_paused else pen.do("pause", c.Pause(room=room))
    return pen.sheet(
        tuple(until),
        (pause, pen.do("go-off-duty", c.GoOffDuty(room=room)), pen.back()),
        label=pen.words("until-unknown" if here.until_ms is None else "until-when"),
        number="" if here.until_ms is None else pen.time(here.until_ms),
    )


def _ends(pen: Pen) -> list[int]:
    """The next whole hours, and closing time."""
    now_ms, closes_ms = pen.screen.at_ms, pen.screen.closes_ms
    hours = [(now_ms // _HOUR_MS + 1 + after) * _HOUR_MS for after in range(_ENDS_OFFERED)]
    if closes_ms is None or closes_ms <= now_ms:
        return hours
    return [*[hour for hour in hours if hour < closes_ms][: _ENDS_OFFERED - 1], closes_ms]


def _unclear(pen: Pen, doubt: Doubt) -> Sheet:
    where = pen.called(doubt.room)
    body = pen.words(doubt.kind, who=doubt.practitioner or pen.words("doctor"), time=pen.time(doubt.since_ms))
    seen = f.Dismiss(f.doubt_key(doubt))
    if doubt.kind == "missing":
        return pen.sheet((Button(pen.words("seen"), seen),), label=where, body=body)
    gone = pen.do("has-left", c.GoOffDuty(room=doubt.room))
    if doubt.room != pen.place.room:
        return pen.sheet((Button(pen.words("still-here"), seen), gone), label=where, body=body)
    ends = (-(-(pen.screen.at_ms + more) // _QUARTER_MS) * _QUARTER_MS for more in (_HALF_HOUR_MS, _HOUR_MS))
    stay = (
        Button(pen.words("still-until", time=pen.time(end_ms)), f.Do(c.StayUntil(room=doubt.room, until_ms=end_ms)))
        for end_ms in ends
    )
    return pen.sheet((*stay, gone), label=where, body=body)


def _warning(pen: Pen, warning: Ringing) -> Sheet:
    device = next((one for one in pen.place.site.devices if one.id == warning.device), None)
    where = pen.called(RoomId(device.room)) if device and device.room else pen.words("at-the-kiosk")
    acknowledge = pen.do("acknowledge", c.AcknowledgeWarning(room=pen.place.room), is_main=True)
    body = f"{where} · {pen.time(warning.at_ms)}"
    return pen.sheet((acknowledge,), label=pen.words("warning"), body=body, is_alarm=True)


def _care(pen: Pen) -> tuple[Button, ...]:
    has_care = any(one.is_care for one in pen.place.site.services)
    return (pen.do("care", c.SendToCare(room=pen.place.room)),) if has_care else ()


def _others(pen: Pen, ticket: TicketId) -> list[ServiceId]:
    """The services to which a ticket can go; of one in a room the screen does not say for which it came."""
    now = next((one.service for one in pen.screen.waiting if one.ticket == ticket), None)
    return [ServiceId(one.id) for one in pen.place.site.services if one.id != now]


def _in_rows(buttons: Sequence[Button]) -> list[tuple[Button, ...]]:
    return [tuple(buttons[at : at + _COLUMNS]) for at in range(0, len(buttons), _COLUMNS)]
