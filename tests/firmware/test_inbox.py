"""The inbox of a role: bounded per sender, fair between senders."""

from __future__ import annotations

import threading

from firmware.inbox import Inbox


def test_what_came_first_is_taken_first() -> None:
    inbox: Inbox[int] = Inbox()
    for item, sender in enumerate(["room", None, "kiosk", "room"]):
        inbox.put(item, sender)

    assert inbox.take(0) == [0, 1, 2, 3]
    assert inbox.is_empty


def test_of_each_sender_only_so_much_is_taken_in_turn() -> None:
    inbox: Inbox[str] = Inbox(in_turn=2)
    for item in ("a1", "a2", "a3", "a4", "a5"):
        inbox.put(item, "a")
    inbox.put("b1", "b")

    assert inbox.take(0) == ["a1", "a2", "b1"]
    assert inbox.take(0) == ["a3", "a4"]
    assert inbox.take(0) == ["a5"]


def test_a_flood_costs_only_its_own_sender_and_is_counted() -> None:
    inbox: Inbox[int] = Inbox(held=3, in_turn=100)
    inbox.put(0, "quiet")
    for item in range(1, 11):
        inbox.put(item, "loud")

    assert inbox.take(0) == [0, 8, 9, 10]
    assert inbox.dropped == {"loud": 7}


def test_what_the_process_says_to_itself_is_never_dropped() -> None:
    inbox: Inbox[int] = Inbox(held=3, in_turn=3)
    for item in range(10):
        inbox.put(item)

    assert inbox.take(0) == list(range(10))
    assert inbox.dropped == {}


def test_whoever_takes_is_woken_by_the_first_item() -> None:
    inbox: Inbox[str] = Inbox()
    threading.Timer(0.02, inbox.put, ["here"]).start()

    assert inbox.take(5) == ["here"]


def test_a_silence_ends_after_its_time() -> None:
    assert Inbox[str]().take(0.01) == []
