"""What the board shows, by examples and for any screen."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from core.edge.words import say
from core.room.duty import DutyState
from core.room.ids import RoomId
from core.room.outlook import Told, Wait
from core.room.phrases import Phrase
from core.wire.messages import BoardRoom, Expected, Screen
from firmware.display.board import Board, CallLine, Capacity, Sightings, make_board, next_change_s, sight
from tests.core.wire import strategies
from tests.firmware.stage import AT_MS, make_screen

CALLED = make_screen(5, calls=(("A042", "room-2"), ("B017", "room-1")), waiting=("A043", "A044"))


def board(
    screen: Screen | None = CALLED,
    *,
    is_fresh: bool = True,
    sightings: Sightings = Sightings(),  # noqa: B008 - frozen
    now_s: float = 100.0,
    now: datetime | None = None,
    capacity: Capacity = Capacity(calls=4, following=6),  # noqa: B008 - frozen
) -> Board:
    return make_board(
        screen,
        is_fresh=is_fresh,
        sightings=sightings,
        now_s=now_s,
        now=now,
        site="Centre d’Aubagne",
        labels={RoomId("room-1"): "1", RoomId("room-2"): "2"},
        capacity=capacity,
        zone=ZoneInfo("Europe/Paris"),
    )


def test_a_call_is_told_by_its_number_and_the_label_on_the_rooms_door() -> None:
    assert board().calls == (
        CallLine(number="A042", room=Phrase("room.name", {"label": "2"})),
        CallLine(number="B017", room=Phrase("room.name", {"label": "1"})),
    )


def test_a_room_that_the_centres_file_does_not_know_is_told_by_its_id() -> None:
    assert board(make_screen(1, calls=(("A042", "room-9"),))).calls[0].room == Phrase("room.name", {"label": "room-9"})


def test_more_calls_than_fit_leave_the_oldest_out() -> None:
    assert [call.number for call in board(capacity=Capacity(calls=1, following=6)).calls] == ["A042"]


@pytest.mark.parametrize(
    ("waiting", "following", "more"),
    [(0, 0, 0), (5, 5, 0), (6, 6, 0), (7, 5, 2), (50, 5, 45)],
)
def test_who_follows_fills_the_places_and_the_last_place_counts_the_rest(
    waiting: int, following: int, more: int
) -> None:
    numbers = tuple(f"A{count:03d}" for count in range(1, waiting + 1))

    shown = board(make_screen(1, waiting=numbers))

    assert (shown.following, shown.more) == (numbers[:following], more)


def test_the_count_is_of_all_who_wait() -> None:
    assert board().waiting == Phrase("board.waiting", count=2)
    assert board(make_screen(1)).waiting == Phrase("board.nobody-waits")


@pytest.mark.parametrize("intake", ["full", "closed"])
def test_an_empty_waiting_room_is_told_that_no_more_patients_are_taken(intake: str) -> None:
    empty = make_screen(1).model_copy(update={"intake": intake})

    assert board(empty).waiting == Phrase(f"board.{intake}")
    assert board(CALLED.model_copy(update={"intake": intake})).waiting == Phrase("board.waiting", count=2)


@pytest.mark.parametrize(
    ("duties", "phrase"),
    [
        (["pause", "off"], Phrase("board.pause")),
        (["pause", "on"], Phrase("board.waiting", count=2)),
        (["off", "off"], Phrase("board.waiting", count=2)),
    ],
)
def test_who_waits_while_every_doctor_takes_a_break_is_told_so(duties: list[str], phrase: Phrase) -> None:
    rooms = [BoardRoom(room=RoomId(f"room-{n}"), duty=DutyState(duty)) for n, duty in enumerate(duties)]

    assert board(CALLED.model_copy(update={"rooms": rooms})).waiting == phrase


def test_a_board_whose_controller_is_not_heard_is_stale_and_still_shows_the_calls() -> None:
    assert board(is_fresh=False).is_stale
    assert board(is_fresh=False).calls == board().calls
    assert board(None, is_fresh=False).is_stale


def test_the_hour_is_shown_only_when_the_clock_is_to_be_trusted() -> None:
    assert board(now=datetime(2026, 11, 22, 8, 5, tzinfo=UTC)).time == "08:05"
    assert board(now=None).time is None


def test_a_call_is_new_for_twenty_seconds_and_blinks_for_ten() -> None:
    sightings = sight(Sightings(), CALLED, 100.0)

    def looks(age_s: float) -> tuple[bool, bool]:
        call = board(sightings=sightings, now_s=100.0 + age_s).calls[0]
        return call.is_new, call.is_bright

    assert [looks(age_s) for age_s in (0.0, 0.6, 1.1, 9.6)] == [
        (True, False),
        (True, True),
        (True, False),
        (True, True),
    ]
    assert {looks(age_s) for age_s in (10.1, 10.6, 15.6, 19.9)} == {(True, False)}
    assert looks(20.0) == (False, False)


def test_the_same_call_seen_again_is_not_new_again() -> None:
    sightings = sight(sight(Sightings(), CALLED, 100.0), CALLED, 110.0)

    assert not board(sightings=sightings, now_s=121.0).calls[0].is_new


def test_a_recall_is_new_again() -> None:
    sightings = sight(Sightings(), CALLED, 100.0)
    again = CALLED.calls[0].model_copy(update={"calls": 2})
    recalled = CALLED.model_copy(update={"calls": [again, CALLED.calls[1]]})

    sightings = sight(sightings, recalled, 150.0)

    assert [call.is_new for call in board(recalled, sightings=sightings, now_s=151.0).calls] == [True, False]


def test_calls_of_long_ago_are_no_news_to_a_board_just_switched_on() -> None:
    old = make_screen(5, calls=(("A042", "room-2"),), call_age_ms=61_000)

    assert not board(old, sightings=sight(Sightings(), old, 100.0)).calls[0].is_new


def test_a_board_never_seen_fresh_blinks_for_nobody() -> None:
    assert not any(call.is_new for call in board(sightings=Sightings()).calls)
    assert next_change_s(Sightings(), 100.0) is None


ages = st.lists(st.floats(0, 30), max_size=4)


@given(ages, st.floats(0, 1))
def test_between_two_changes_the_board_stays_as_it_is(call_ages_s: list[float], share: float) -> None:
    calls = tuple((f"A{place:03d}", "room-1") for place in range(len(call_ages_s)))
    screen = make_screen(1, calls=calls)
    sightings = Sightings(
        {(call.number, 1, call.at_ms): 100.0 - age_s for call, age_s in zip(screen.calls, call_ages_s, strict=True)}
    )
    until_s = next_change_s(sightings, 100.0)
    assume(until_s is None or until_s > 1e-6)

    later_s = 100.0 + share * (50.0 if until_s is None else until_s - 1e-6)

    assert board(screen, sightings=sightings, now_s=later_s) == board(screen, sightings=sightings, now_s=100.0)


@given(st.integers(0, 60), st.integers(1, 20))
def test_nobody_who_waits_is_left_out_of_the_count(waiting: int, places: int) -> None:
    numbers = tuple(f"A{count:03d}" for count in range(1, waiting + 1))

    shown = board(make_screen(1, waiting=numbers), capacity=Capacity(calls=1, following=places))

    assert len(shown.following) + shown.more == waiting
    assert len(shown.following) + bool(shown.more) <= places


WITH_WAITS = Capacity(calls=4, following=6, with_waits=3, with_notice=4)


def told(p25_min: int, p90_min: int, *, min_ago: int = 0) -> Told:
    p25_s, p90_s = p25_min * 60, p90_min * 60
    wait = Wait(p10_s=p25_s, p25_s=p25_s, p50_s=p25_s, p75_s=p90_s, p90_s=p90_s)
    return Told(at_ms=AT_MS - min_ago * 60_000, wait=wait)


def waiting(*waits: Told | None) -> Screen:
    screen = make_screen(1, waiting=tuple(f"A{count:03d}" for count in range(1, len(waits) + 1)))
    together = zip(screen.waiting, waits, strict=True)
    return screen.model_copy(update={"waiting": [one.model_copy(update={"told": wait}) for one, wait in together]})


def off_duty(screen: Screen, expected: Expected | None = None) -> Screen:
    rooms = [BoardRoom(room=RoomId("room-1")), BoardRoom(room=RoomId("room-2"))]
    return screen.model_copy(update={"rooms": rooms, "expected": expected})


def test_those_who_follow_stand_beside_their_waits_if_any_is_told() -> None:
    queue = waiting(told(0, 8), None, told(35, 55, min_ago=10), told(40, 60), told(45, 70))

    shown = board(queue, capacity=WITH_WAITS)

    assert (shown.following, shown.more) == (("A001", "A002", "A003"), 2)
    assert shown.waits == (Phrase("wait.shortly"), None, Phrase("wait.between", {"low": 25}, 45))
    assert shown.waiting == Phrase("board.waiting", count=5)


@pytest.mark.parametrize(
    "shown",
    [
        board(waiting(None, None), capacity=WITH_WAITS),
        board(waiting(told(35, 55), None), capacity=WITH_WAITS, is_fresh=False),
        board(off_duty(waiting(told(35, 55), None)), capacity=WITH_WAITS),
    ],
    ids=["nothing told", "stale", "nobody on duty"],
)
def test_else_their_numbers_stand_alone(shown: Board) -> None:
    assert (shown.following, shown.waits) == (("A001", "A002"), ())


def test_while_nobody_is_on_duty_a_notice_says_who_comes_next() -> None:
    vallon = Expected(room=RoomId("room-2"), practitioner="Dr Vallon", begins_ms=AT_MS + 3_600_000)
    unnamed = Phrase("duty.unnamed", {"label": "2"})

    shown = board(off_duty(waiting(*[None] * 7), vallon), capacity=WITH_WAITS)

    assert shown.notice == Phrase("wait.nobody-until", {"who": "Dr Vallon", "time": "11:00"})
    assert (shown.following, shown.more) == (("A001", "A002", "A003"), 4)
    nameless = board(off_duty(waiting(), vallon.model_copy(update={"practitioner": None})), capacity=WITH_WAITS)
    assert nameless.notice == Phrase("wait.nobody-until", {"who": unnamed, "time": "11:00"})
    assert board(off_duty(waiting()), capacity=WITH_WAITS).notice == Phrase("duty.nobody")
    closed = off_duty(waiting(), vallon).model_copy(update={"intake": "closed"})
    assert (board(closed, capacity=WITH_WAITS).notice, board(closed).waiting) == (None, Phrase("board.closed"))
    assert board(waiting(), capacity=WITH_WAITS).notice is None


@given(strategies.messages[Screen])
def test_any_screen_makes_a_board_that_can_be_said(screen: Screen) -> None:
    shown = board(screen, capacity=WITH_WAITS)

    for phrase in (shown.waiting, shown.notice, *shown.waits):
        assert phrase is None or say(phrase, "ar")
