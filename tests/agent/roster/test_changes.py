"""How the plan may change, and why a change is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from agent.roster.changes import imported, replaced, with_day, with_usual_day
from agent.roster.plan import Plan, PlanError, Planned
from core.room.ids import PractitionerId
from core.room.opening import Hours
from tests.agent.roster.given import AUBAGNE, CENTRES, TRETS, entry, plan, planned, said

VALLON = planned("vallon", "2026-11-23 09:00", "14:00")
MISTRAL = planned("mistral", "2026-11-23 14:00", "22:00")
LATER = planned("vallon", "2026-12-07 09:00", "22:00")


def refused(*wanted: Planned, before: Plan | None = None) -> list[str]:
    with pytest.raises(PlanError) as error:
        replaced(before or Plan(), [], [entry(one) for one in wanted], CENTRES)
    return said(error.value)


def test_a_file_replaces_what_is_planned_on_the_days_that_it_covers() -> None:
    new = [planned("vallon", "2026-11-23 10:00", "16:00"), planned("garrigue", "2026-11-24 09:00", "22:00")]

    after = imported(plan(VALLON, MISTRAL, LATER), [entry(one) for one in new], CENTRES)

    assert after.shifts == {*new, LATER}
    assert sorted(after.names.values()) == ["Dr Garrigue", "Dr Vallon"]


def test_a_file_of_one_practitioner_leaves_the_others_alone() -> None:
    new = planned("vallon", "2026-11-23 08:00", "13:00")

    assert imported(plan(VALLON, MISTRAL), [entry(new)], CENTRES).shifts == {new, MISTRAL}


def test_a_file_leaves_other_centres_alone() -> None:
    elsewhere = planned("vallon", "2026-11-23 15:00", "20:00", site=TRETS)
    new = planned("vallon", "2026-11-23 08:00", "13:00")

    assert imported(plan(VALLON, elsewhere), [entry(new)], CENTRES).shifts == {new, elsewhere}


def test_a_file_without_shifts_changes_nothing() -> None:
    with pytest.raises(PlanError, match="no shift in this file; give at least one"):
        imported(plan(VALLON), [], CENTRES)


def test_nobody_is_in_two_rooms_at_once_not_even_of_two_centres() -> None:
    elsewhere = planned("vallon", "2026-11-23 13:00", "20:00", site=TRETS)

    (problem,) = refused(elsewhere, before=plan(VALLON))

    assert problem.startswith("Dr Vallon is planned already from 23/11 09:00 to 14:00 (Centre d’Aubagne, room-1);")
    assert problem.endswith("change one of the two shifts.")


def test_no_room_has_two_practitioners_at_once() -> None:
    early = planned("mistral", "2026-11-23 13:30", "22:00")

    assert refused(early, before=plan(VALLON)) == [
        "room-1 is Dr Vallon’s already from 23/11 09:00 to 14:00; take another room or other hours."
    ]


def test_one_shift_may_begin_as_another_ends() -> None:
    assert replaced(plan(VALLON), [], [entry(MISTRAL)], CENTRES).shifts == {VALLON, MISTRAL}


def test_a_shift_that_is_changed_is_not_in_its_own_way() -> None:
    longer = planned("vallon", "2026-11-23 09:00", "16:00")

    assert replaced(plan(VALLON), [VALLON], [entry(longer)], CENTRES).shifts == {longer}


def test_everything_wrong_is_said_at_once() -> None:
    backwards = planned("vallon", "2026-11-23 22:00", "09:00")
    nowhere = planned("mistral", "2026-11-23 09:00", "22:00", room="room-9")
    endless = planned("garrigue", "2026-11-23 09:00", "2026-12-23 22:00")

    assert refused(backwards, nowhere, endless) == [
        "it does not end after it begins; correct one of the two times.",
        "no room “room-9” in this centre; choose one of: room-1, room-2.",
        "more than 24 hours on end; check the date of its end.",
    ]


def test_one_practitioner_has_one_name() -> None:
    entries = [entry(VALLON, "Dr Vallon"), entry(LATER, "Dr Valon")]

    with pytest.raises(PlanError, match="dr-vallon is called “Dr Vallon” above and “Dr Valon” here; keep one name"):
        imported(Plan(), entries, CENTRES)


def test_the_ids_of_doctors_without_a_name_are_not_to_be_had() -> None:
    unnamed = Planned(site=AUBAGNE, shift=replace(VALLON.shift, practitioner=PractitionerId("at-room-1")))

    assert refused(unnamed) == [
        "at-room-1: ids that begin with “at-” stand for doctors without a name; choose another."
    ]


def test_a_day_with_more_shifts_than_a_site_can_be_told_is_refused() -> None:
    first = planned("vallon", "2026-11-23 00:00", "00:20").shift
    many = [
        Planned(site=AUBAGNE, shift=replace(first, begins_ms=first.begins_ms + ms, ends_ms=first.ends_ms + ms))
        for ms in range(0, 41 * 30 * 60_000, 30 * 60_000)
    ]

    assert refused(*many) == ["more than 40 shifts on 2026-11-23 at one centre; check that none is there twice."]


def test_a_day_is_closed_has_other_hours_and_is_as_usual_again() -> None:
    christmas, key = date(2026, 12, 25), (AUBAGNE, "2026-12-25")

    closed = with_day(plan(VALLON), AUBAGNE, christmas, None)
    short = with_day(closed, AUBAGNE, christmas, Hours(opens_min=600, closes_min=1080))

    assert closed.days == {key: None}
    assert short.days == {key: Hours(opens_min=600, closes_min=1080)}
    assert with_usual_day(short, AUBAGNE, christmas) == plan(VALLON)
