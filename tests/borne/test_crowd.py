"""The people of an evening: fixed by a seed, plausible in their numbers, played by the button's rule."""

from __future__ import annotations

import statistics
from dataclasses import replace

import pytest

from borne.demo.crowd import ABSENT_S, BREAK_S, EVENING_S, REACTION_S, Move, Patient, evening, move_due
from core.room import events as e
from core.room.ids import DeviceId, DiskId, Letter, Number, PractitionerId, RoomId, ServiceId, TicketId, Token
from core.room.passage import Policy
from core.room.state import SiteState, evolve

SERVICES = [ServiceId("consultation"), ServiceId("care")]
ROOM = RoomId("room-1")
POLICY = Policy()
NOON_MS = 1_768_000_000_000
TICKET = TicketId("t1")
PATIENT = Patient(arrives_s=0.0, service=SERVICES[0], patience_s=3600.0, visit_s=800.0)


def test_a_seed_fixes_the_whole_evening() -> None:
    assert evening(7, 60, SERVICES) == evening(7, 60, SERVICES)
    assert evening(7, 60, SERVICES) != evening(8, 60, SERVICES)


def test_everybody_comes_during_the_evening_in_order() -> None:
    arrivals_s = [patient.arrives_s for patient in evening(1, 60, SERVICES)]

    assert len(arrivals_s) == 60
    assert arrivals_s == sorted(arrivals_s)
    assert 0 <= arrivals_s[0] <= arrivals_s[-1] <= EVENING_S


def test_more_come_at_half_past_five_than_at_half_past_eight() -> None:
    arrivals_s = [patient.arrives_s for patient in evening(1, 4000, SERVICES)]

    peak = sum(900 <= at_s < 2700 for at_s in arrivals_s)
    late = sum(11_700 <= at_s < 13_500 for at_s in arrivals_s)
    assert peak > 2.5 * late


def test_visits_last_a_quarter_of_an_hour_on_average_and_vary_by_a_third() -> None:
    visits_s = [patient.visit_s for patient in evening(1, 4000, [SERVICES[0]])]

    assert statistics.mean(visits_s) == pytest.approx(900, rel=0.03)
    assert statistics.stdev(visits_s) / statistics.mean(visits_s) == pytest.approx(0.33, abs=0.03)
    assert min(visits_s) > POLICY.grace_s


def waiting() -> SiteState:
    issued = e.TicketIssued(
        ticket=TICKET,
        number=Number("A001"),
        token=Token("A" * 16),
        service=SERVICES[0],
        language="fr",
        kiosk=DeviceId("kiosk-1"),
        disk=DiskId("d1"),
        disk_seq=1,
        ordered_at_ms=NOON_MS,
        priority=e.Priority.ORDINARY,
        key_ms=NOON_MS,
    )
    grant = e.LetterGranted(disk=DiskId("d1"), kiosk=DeviceId("kiosk-1"), letter=Letter("A"))
    return after(on_duty(), grant, issued)


def on_duty() -> SiteState:
    began = e.DutyBegan(room=ROOM, practitioner=PractitionerId("dr-vallon"))
    return after(SiteState(day="2026-01-12"), began)


def called(at_ms: int) -> SiteState:
    return after(waiting(), e.TicketCalled(ticket=TICKET, room=ROOM), at_ms=at_ms)


def after(state: SiteState, *events: e.Event, at_ms: int = NOON_MS) -> SiteState:
    for event in events:
        state = evolve(state, event, at_ms)
    return state


def due(state: SiteState, who: dict[TicketId, Patient] | None = None) -> Move | None:
    return move_due(state, ROOM, who or {}, POLICY, began_ms=NOON_MS - 1)


def test_a_doctor_comes_on_duty_at_the_beginning() -> None:
    assert due(SiteState()) == Move(at_ms=NOON_MS - 1)


def test_a_free_doctor_presses_soon_after_somebody_waits() -> None:
    assert due(on_duty()) is None
    assert due(waiting()) == Move(at_ms=NOON_MS + round(REACTION_S * 1000))


def test_a_doctor_presses_at_the_end_of_the_visit() -> None:
    assert due(called(NOON_MS), {TICKET: PATIENT}) == Move(at_ms=NOON_MS + 800_000)


def test_a_doctor_who_takes_a_break_leaves_at_the_end_of_the_visit_and_comes_back() -> None:
    tired = replace(PATIENT, has_break=True)
    paused = after(called(NOON_MS), e.TicketCompleted(ticket=TICKET), e.DutyPaused(room=ROOM))

    assert due(called(NOON_MS), {TICKET: tired}) == Move(at_ms=NOON_MS + 800_000, does="leave")
    assert due(paused) == Move(at_ms=NOON_MS + round(BREAK_S * 1000))


def test_a_patient_who_has_gone_home_is_passed_over_within_the_grace_time() -> None:
    called_ms = NOON_MS + 3600_001

    assert due(called(called_ms), {TICKET: PATIENT}) == Move(at_ms=called_ms + round(ABSENT_S * 1000))
    assert POLICY.recall_window_s < ABSENT_S < POLICY.grace_s


def test_a_stranger_is_seen_for_a_mean_visit() -> None:
    assert due(called(NOON_MS)) == Move(at_ms=NOON_MS + 900_000)


def test_the_first_service_is_wanted_by_most() -> None:
    wanted = [patient.service for patient in evening(3, 2000, SERVICES)]

    assert 0.75 < wanted.count(SERVICES[0]) / len(wanted) < 0.85
    assert SERVICES[1] in wanted
