"""The light centres: an evening that was played while nobody looked, and one that goes on after a restart."""

from __future__ import annotations

import statistics
from pathlib import Path
from zoneinfo import ZoneInfo

from borne.demo.towns import Play
from core.edge.journal import Journal
from core.room.ids import DeviceId, RoomId, ServiceId
from core.room.passage import order_of_passage
from core.room.transitions import TicketState

OPENED_MS = 1_768_233_600_000
HOUR_MS = 3_600_000


def play(path: Path, seed: int = 1, opened_ms: int = OPENED_MS) -> Play:
    return Play(
        Journal(path),
        rooms=[RoomId("room-1"), RoomId("room-2")],
        services=[ServiceId("consultation"), ServiceId("soins")],
        zone=ZoneInfo("Europe/Paris"),
        kiosk=DeviceId("trets-kiosk"),
        seed=seed,
        opened_ms=opened_ms,
    )


def test_what_should_have_happened_has_happened_each_thing_at_its_time(tmp_path: Path) -> None:
    town = play(tmp_path / "site.journal")

    town.until(OPENED_MS + 2 * HOUR_MS)

    tickets = list(town.sequencer.state.tickets.values())
    waits_min = [(one.called_at_ms - one.ordered_at_ms) / 60_000 for one in tickets if one.called_at_ms]
    assert 12 < len(tickets) < 30
    assert sum(one.state is TicketState.DONE for one in tickets) > 8
    assert OPENED_MS < tickets[0].ordered_at_ms < tickets[-1].ordered_at_ms < OPENED_MS + 2 * HOUR_MS
    assert 1 < statistics.mean(waits_min) < 60


def test_a_whole_evening_ends_with_everybody_seen(tmp_path: Path) -> None:
    town = play(tmp_path / "site.journal")

    town.until(OPENED_MS + 5 * HOUR_MS - 1)
    first_evening = [
        one for one in town.sequencer.state.tickets.values() if one.ordered_at_ms < OPENED_MS + 4 * HOUR_MS
    ]

    assert len(first_evening) == 30
    assert {one.state for one in first_evening if one.calls} <= set(TicketState) - {TicketState.WAITING}
    assert all(one.calls for one in first_evening)


def test_after_a_restart_nobody_comes_twice_and_the_play_goes_on(tmp_path: Path) -> None:
    town = play(tmp_path / "site.journal")
    town.until(OPENED_MS + HOUR_MS)
    before = list(town.sequencer.state.tickets)
    town.sequencer.journal.close()

    town = play(tmp_path / "site.journal")
    town.until(OPENED_MS + 2 * HOUR_MS)

    after = list(town.sequencer.state.tickets)
    numbers = [one.number for one in town.sequencer.state.tickets.values()]
    assert after[: len(before)] == before
    assert len(after) > len(before)
    assert len(numbers) == len(set(numbers))


def test_a_day_that_begins_in_the_middle_of_the_crowd_loses_nobody(tmp_path: Path) -> None:
    """An hour before 4:00, when the service day changes."""
    opened_ms = OPENED_MS + 10 * HOUR_MS
    town = play(tmp_path / "site.journal", opened_ms=opened_ms)
    town.until(opened_ms + HOUR_MS - 1)
    assert town.sequencer.state.day == "2026-01-12"
    waiting = {one.id for one in order_of_passage(town.sequencer.state)}
    assert waiting

    town.until(opened_ms + 2 * HOUR_MS)

    assert town.sequencer.state.day == "2026-01-13"
    assert waiting <= town.sequencer.state.tickets.keys()


def test_two_towns_have_their_own_people(tmp_path: Path) -> None:
    one, other = play(tmp_path / "a", seed=1), play(tmp_path / "b", seed=2)

    for town in (one, other):
        town.until(OPENED_MS + HOUR_MS)

    assert [ticket.ordered_at_ms for ticket in one.sequencer.state.tickets.values()] != [
        ticket.ordered_at_ms for ticket in other.sequencer.state.tickets.values()
    ]
