"""Following one journal."""

from __future__ import annotations

from agent.stream import Followed, Stream, bodies_of, follow, joined
from core.room import events as e
from core.room.ids import SiteId
from core.room.state import fold
from core.wire.coding import decode, encode_record, wrap_log
from core.wire.messages import LogBatch
from tests.agent.site import Day, records

_EMPTY = Stream(site=SiteId("aubagne"), epoch="a")


def _read(first: int, *events: e.Event, epoch: str = "a", oldest: int = 1) -> tuple[LogBatch, list[str]]:
    payload = wrap_log(epoch, first, [encode_record(record) for record in records(*events)], oldest=oldest)
    return decode(LogBatch, payload), bodies_of(payload)


def _follow(stream: Stream, first: int, *events: e.Event) -> Followed | None:
    return follow(stream, *_read(first, *events))


def _followed(stream: Stream, first: int, *events: e.Event) -> Followed:
    followed = _follow(stream, first, *events)
    assert followed is not None
    return followed


def test_a_batch_that_follows_on_is_taken_whole() -> None:
    day = Day()
    events = [*day.opening, day.issue()]

    followed = _followed(_EMPTY, 1, *events)

    assert [entry.seq for entry in followed.entries] == [1, 2, 3]
    assert [entry.kind for entry in followed.entries] == ["day-opened", "letter-granted", "ticket-issued"]
    assert followed.stream.upto == 3
    assert followed.stream.state == fold(records(*events))


def test_a_batch_behind_a_gap_is_not_taken() -> None:
    assert _follow(_EMPTY, 2, *Day().opening) is None


def test_of_an_overlapping_batch_only_what_is_new_is_taken() -> None:
    day = Day()
    ticket = day.issue()
    stream = _followed(_EMPTY, 1, *day.opening).stream

    followed = _followed(stream, 2, day.opening[1], ticket)

    assert [entry.seq for entry in followed.entries] == [3]
    assert len(followed.known) == 1
    assert followed.stream.state == fold(records(*day.opening, ticket))


def test_a_batch_that_is_known_changes_nothing() -> None:
    day = Day()
    stream = _followed(_EMPTY, 1, *day.opening).stream

    followed = _followed(stream, 1, *day.opening)

    assert followed.stream is stream
    assert followed.entries == []
    assert len(followed.known) == 2


def test_an_impossible_event_ends_the_fold_and_not_the_journal() -> None:
    day = Day()
    ticket = day.issue()

    followed = _followed(_EMPTY, 1, *day.opening, e.TicketCompleted(ticket=ticket.ticket), ticket)

    assert followed.stream.upto == 4
    assert followed.stream.state is None
    assert _followed(followed.stream, 5, day.issue()).stream.upto == 5


def test_what_a_site_has_forgotten_is_missed_and_what_it_still_holds_is_taken() -> None:
    day = Day()
    read = _read(7, day.issue(), day.issue(), oldest=7)

    followed = follow(_EMPTY, *read)

    assert followed is not None
    assert followed.is_late
    assert [entry.seq for entry in followed.entries] == [7, 8]
    assert (followed.stream.upto, followed.stream.state) == (8, None)
    again = follow(followed.stream, *read)
    assert again is not None
    assert (again.entries, again.is_late) == ([], False)


def test_batches_that_follow_on_one_another_are_taken_as_one() -> None:
    day = Day()
    events = [*day.opening, day.issue(), day.issue()]

    one_by_one = joined(_read(seq, event) for seq, event in enumerate(events, 1))

    assert list(one_by_one) == [_read(1, *events)]


def test_batches_are_not_taken_as_one_over_a_gap_a_repetition_or_into_another_journal() -> None:
    ticket = Day().issue()
    read = [
        _read(1, ticket),
        _read(3, ticket),
        _read(3, ticket),
        _read(4, ticket, epoch="b"),
        _read(5, ticket, epoch="b", oldest=5),
    ]

    assert list(joined(read)) == read
