"""What waits for the ingest: the newest state ahead of old events, and never more than there is room for."""

from __future__ import annotations

from agent.inbox import Inbox, Taken

_LOG, _SNAP, _LINK = (f"fq/1/aubagne/up/{leaf}" for leaf in ("log", "snap", "link"))


def test_only_the_newest_state_of_a_topic_is_kept() -> None:
    inbox = Inbox()
    inbox.put(_SNAP, b"old")
    inbox.put("fq/1/trets/up/snap", b"other")
    inbox.put(_SNAP, b"new")

    assert inbox.take(1).states == {_SNAP: b"new", "fq/1/trets/up/snap": b"other"}


def test_presence_keeps_its_order_and_loses_nothing() -> None:
    inbox = Inbox()
    inbox.put(_LINK, b"birth")
    inbox.put_link(is_up=False)
    inbox.put_link(is_up=True)
    inbox.put(_LINK, b"late will")

    assert inbox.take(1).presences == [(_LINK, b"birth"), False, True, (_LINK, b"late will")]


def test_a_backlog_is_taken_in_parts_and_a_state_does_not_wait_behind_it() -> None:
    inbox = Inbox()
    for _ in range(20):
        inbox.put(_LOG, b"x" * 100_000)
    first = inbox.take(1)
    inbox.put(_SNAP, b"newest")

    second = inbox.take(1)

    assert len(first.logs) == 6
    assert second.states == {_SNAP: b"newest"}
    assert len(second.logs) == 6


def test_entries_that_find_no_room_are_dropped_and_counted_and_there_is_room_again_later() -> None:
    inbox = Inbox()
    for _ in range(300):
        inbox.put(_LOG, b"x" * 250_000)
    assert inbox.dropped == 300 - 64 * 1024 * 1024 // 250_000

    while inbox.take(0).logs:
        pass
    inbox.put(_LOG, b"y")

    assert inbox.take(1).logs == [(_LOG, b"y")]


def test_a_silence_gives_nothing() -> None:
    assert Inbox().take(0.01) == Taken()
