"""Garbage on every topic that a kiosk, a room unit and a display read: counted by topic, and nothing changes."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from core.room.ids import DiskId, Letter
from core.wire.coding import encode
from core.wire.messages import Ack, Answer, Ask, LetterWanted, Message, Screen
from provisioning.tree import Tree
from tests.firmware.stage import DeviceProcess, PlayedController, make_screen
from tests.hostile.garbage import draw
from tests.hostile.neighbours import NAMES, make_device, memory_kb
from tests.mosquitto import wait_until

_AT_ONCE = 80
_GROWTH_KB = 20_000
_READS: dict[str, dict[str, type[Message]]] = {
    "kiosk": {"ack": Ack, "answer": Answer},
    "room": {"answer": Answer},
    "display": {},
}
_SCREEN = make_screen(5, calls=(("A042", "room-2"),), waiting=("A043", "A044"), call_age_ms=90_000)


@pytest.fixture(params=sorted(NAMES))
def device(request: pytest.FixtureRequest, provisioned: Tree, short_path: Path) -> Iterator[DeviceProcess]:
    process = make_device(str(request.param), provisioned, short_path)
    yield process
    process.close()


def seen(device: DeviceProcess) -> object:
    """What a person in front of it sees."""
    if device.role == "room":
        (lamp,) = device.call("gpio", "lamps").values()
        return lamp["pattern"]
    return device.call("panel", "frame")["png"]


def granting(played: PlayedController) -> Callable[[Ask], Answer | None]:
    """An answerer that gives a kiosk's disk its letter, with the next screen as well."""

    def answer(ask: Ask) -> Answer:
        if isinstance(ask.act, LetterWanted):
            letters = {DiskId(ask.act.disk): Letter("A")}
            played.show(_SCREEN.model_copy(update={"letters": letters}))
        return Answer(id=ask.id, outcome="done")

    return answer


def at_rest(device: DeviceProcess) -> object:
    """What is seen once nothing changes any more."""
    last, since_s = seen(device), time.monotonic()

    def is_still() -> bool:
        nonlocal last, since_s
        now = seen(device)
        if now != last:
            last, since_s = now, time.monotonic()
        return time.monotonic() - since_s > 1.5

    wait_until(is_still, what="nothing changes any more")
    return last


def test_garbage_on_every_topic_changes_nothing_and_is_counted_by_topic(
    device: DeviceProcess, played: PlayedController
) -> None:
    name = NAMES[device.role]
    played.answer = granting(played)
    played.show(_SCREEN)
    device.start()
    wait_until(lambda: name in played.states and played.states[name].shown_rev in {5, None}, what="it is there")
    before, small_kb = at_rest(device), memory_kb(device.pid)
    topics: dict[str, type[Message]] = {
        played.topics.screen: Screen,
        **{played.topics.dev(name, leaf): model for leaf, model in _READS[device.role].items()},
    }

    for topic, model in topics.items():
        payloads = draw(model, count=150, at_most=60_000)
        for start in range(0, len(payloads), _AT_ONCE):
            for payload in payloads[start : start + _AT_ONCE]:
                assert played.link.publish(topic, payload)
            so_far = len(payloads[: start + _AT_ONCE])
            wait_until(
                lambda topic=topic, so_far=so_far: played.states[name].refused.get(topic) == so_far,  # type: ignore[misc]
                what=f"{so_far} on {topic} are counted",
            )

    assert at_rest(device) == before
    assert memory_kb(device.pid) < small_kb + _GROWTH_KB
    assert played.states[name].state == "ready"
    code, written = device.end()
    assert code == 0
    assert "Traceback" not in written
    for topic in topics:
        assert written.count(f"dropped a message on {topic}:") == 1


def test_garbage_that_the_broker_keeps_is_read_first_and_stops_nothing(
    device: DeviceProcess, played: PlayedController
) -> None:
    name = NAMES[device.role]
    for topic in (played.topics.screen, *(played.topics.dev(name, leaf) for leaf in _READS[device.role])):
        assert played.link.publish(topic, b"[" * 50_000, retain=True)

    device.start()
    wait_until(
        lambda: name in played.states and sum(played.states[name].refused.values()) > 0,
        what="it has counted the garbage",
    )

    played.answer = granting(played)
    played.show(_SCREEN)

    wait_until(lambda: played.states[name].shown_rev in {5, None}, what="it works")
    wait_until(lambda: played.states[name].state == "ready", what="it is well")


def test_an_older_screen_after_a_newer_one_is_not_shown(device: DeviceProcess, played: PlayedController) -> None:
    name = NAMES[device.role]
    played.answer = granting(played)
    played.show(_SCREEN)
    device.start()
    wait_until(lambda: name in played.states and played.states[name].shown_rev in {5, None}, what="it is there")
    before = at_rest(device)

    for rev in (1, 2, 3, 4):
        late = make_screen(rev, waiting=tuple(f"A{n:03d}" for n in range(1, 30)))
        assert played.link.publish(played.topics.screen, encode(late), retain=True)

    assert at_rest(device) == before


def test_a_flood_from_a_broken_controller_ends_with_the_newest_screen(
    device: DeviceProcess, played: PlayedController
) -> None:
    name = NAMES[device.role]
    played.answer = granting(played)
    played.show(_SCREEN)
    device.start()
    wait_until(lambda: name in played.states, what="it is there")
    small_kb = memory_kb(device.pid)

    crowd = tuple(f"B{n:03d}" for n in range(1, 200))
    for rev in range(6, 3006):
        played.link.publish(played.topics.screen, encode(make_screen(rev, waiting=crowd)))
    newest = make_screen(4000)
    played.show(newest)

    if device.role == "kiosk":
        wait_until(lambda: played.states[name].state == "ready", what="it works", deadline_s=30)
    else:
        wait_until(lambda: played.states[name].shown_rev == 4000, what="the newest is shown", deadline_s=30)
    assert memory_kb(device.pid) < small_kb + 40_000
