"""Garbage on every topic that a controller reads: counted by topic, logged once, and nothing changes."""

from __future__ import annotations

import json
import signal
import time
from contextlib import closing
from typing import Any

import pytest

from borne.demo.watch import read_only
from core.wire.messages import Ack, AgentState, Ask, DeviceState, Kept, Message, Network, Reports
from tests.firmware.controller.test_controller import ACK, DISK, EVT, Centre, waiting
from tests.hostile.garbage import BYTES, draw, is_refused
from tests.hostile.neighbours import DEV, health, memory_kb
from tests.mosquitto import wait_until
from tests.peer import Peer

_AT_ONCE = 40
"""Fewer than an inbox holds of one sender."""
_GROWTH_KB = 20_000


def picture(centre: Centre) -> dict[str, Any]:
    """What everybody in the centre sees."""
    return {name: value for name, value in centre.screen().items() if name not in {"beat", "at_ms"}}


def refused(network: Peer) -> dict[str, int]:
    """What the controller has dropped, as the agent is told."""
    return dict(health(network).get("refused", {}))


def throw(centre: Centre, peer: Peer, topic: str, payloads: list[bytes]) -> None:
    """Say all of it, not faster than it is read."""
    for start in range(0, len(payloads), _AT_ONCE):
        for payload in payloads[start : start + _AT_ONCE]:
            peer.say(topic, payload)
        read_by_now(centre, start, peer)


def read_by_now(centre: Centre, n: int, peer: Peer) -> None:
    """A question after what was thrown is answered after it."""
    device, act = "aubagne-room-1", {"kind": "press", "room": "room-1"}
    if peer is centre.kiosk:
        device, act = "aubagne-kiosk-1", {"kind": "letter", "disk": DISK}
    question = f"after-{n}-{len(peer.heard)}"
    peer.say(f"{DEV}/{device}/ask", {"id": question, "beat": "none of ours", "ttl_s": 3, "act": act})
    wait_until(lambda: peer.last(f"{DEV}/{device}/answer").get("id") == question, what="what was said is read")


def test_garbage_on_every_topic_changes_nothing_and_is_counted_by_topic(centre: Centre, network: Peer) -> None:
    for n in (1, 2, 3):
        centre.issue(n)
    centre.wait_for(waiting(3), "three wait")
    centre.ask({"kind": "press", "room": "room-1"})
    centre.wait_for(waiting(2), "A001 is called")
    before, process = picture(centre), centre.process
    assert process
    small_kb = memory_kb(process.pid)
    thrown: dict[str, int] = {}

    def throw_at(peer: Peer, topic: str, model: type[Message]) -> None:
        payloads = draw(model, count=150)
        throw(centre, peer, topic, payloads)
        thrown[topic] = len(payloads)

    for name, peer in (("aubagne-kiosk-1", centre.kiosk), ("aubagne-room-1", centre.room)):
        throw_at(peer, f"{DEV}/{name}/ask", Ask)
        throw_at(peer, f"{DEV}/{name}/state", DeviceState)
        throw_at(peer, f"{DEV}/{name}/kept", Kept)
    throw_at(centre.kiosk, EVT, Reports)
    down: dict[str, type[Message]] = {
        "fq/1/aubagne/down/ack": Ack,
        "fq/1/aubagne/down/net": Network,
        "fq/1/agent/state": AgentState,
    }
    for topic, model in down.items():
        for payload in (one for one in BYTES if is_refused(model, one)):
            network.say(topic, payload)

    wait_until(lambda: refused(network).items() >= thrown.items(), what=f"all is counted: {thrown}")
    wait_until(lambda: down.keys() < refused(network).keys(), what="so is what came down")
    assert picture(centre) == before
    assert memory_kb(process.pid) < small_kb + _GROWTH_KB
    centre.issue(4)
    centre.wait_for(waiting(3), "the next good message is taken")
    process.terminate()
    _out, written = process.communicate(timeout=10)
    assert process.returncode == 0
    assert "Traceback" not in written
    for topic in thrown:
        assert written.count(f"dropped a message on {topic}:") == 1


def test_garbage_that_the_broker_keeps_is_read_before_all_else_and_stops_nothing(centre: Centre, network: Peer) -> None:
    centre.issue(1)
    centre.wait_for(waiting(1), "A001 waits")
    before = picture(centre)
    centre.kill()
    for leaf in ("evt", "ask", "state"):
        centre.kiosk.say(f"{DEV}/aubagne-kiosk-1/{leaf}", b"[" * 50_000, retain=True)
        centre.room.say(f"{DEV}/aubagne-room-1/{leaf}", b'{"id": 5}', retain=True)
    press = {"id": "kept", "beat": "1.0", "ttl_s": 3, "act": {"kind": "press", "room": "room-1"}}
    centre.room.say(f"{DEV}/aubagne-room-1/ask", press, retain=True)

    centre.start()

    centre.wait_for(lambda screen: screen["beat"].startswith("2."), "the second start beats")
    assert picture(centre) == before, "a press that a broker kept is not done"
    centre.ask({"kind": "press", "room": "room-1"}, question="now")
    centre.wait_for(waiting(0), "A001 is called")


def test_a_message_of_a_later_release_is_read_as_far_as_it_is_known(centre: Centre) -> None:
    at = {"boot": 1, "mono_ms": 1, "wall_ms": 0, "is_synchronised": False, "accuracy": "atomic"}
    entry = {
        "kind": "issued",
        "ticket": "t1",
        "number": "A001",
        "token": "0" * 16,
        "service": "consultation",
        "language": "fr",
        "at": at,
        "colour": {"hue": 7},
    }
    stranger = {"kind": "scanned", "what": "a report that this release does not know"}

    centre.kiosk.say(EVT, {"v": 99, "epoch": DISK, "first": 1, "told": at, "entries": [stranger, entry], "zip": None})

    centre.wait_for(waiting(1), "A001 is taken in, and what stood before it passed over")
    wait_until(lambda: centre.kiosk.last(ACK).get("upto") == 2, what="both are acknowledged")


def test_a_kiosk_cannot_speak_for_another_ones_disk(centre: Centre) -> None:
    theirs = f"{DEV}/aubagne-kiosk-2"
    other = centre.peer("aubagne-kiosk-2", [f"{theirs}/ack"])
    at = {"boot": 1, "mono_ms": 1, "wall_ms": 0, "is_synchronised": False}
    other.say(f"{theirs}/evt", {"epoch": DISK, "first": 1, "told": at, "entries": [{"kind": "nonsense"}] * 5})
    wait_until(lambda: other.on(f"{theirs}/ack") != [], what="it is answered")
    assert other.last(f"{theirs}/ack") == {"v": 1, "epoch": DISK, "upto": 0, "refused": "not-your-disk"}

    centre.issue(1)

    centre.wait_for(waiting(1), "the first ticket of the disk's own kiosk is taken in")


def test_a_kiosk_that_makes_up_disks_takes_neither_the_letters_nor_the_memory(centre: Centre) -> None:
    answers = [
        centre.ask({"kind": "letter", "disk": f"{n:032d}"}, question=f"letter-{n}").get("code") for n in range(10)
    ]
    assert answers == [None] * 5 + ["too-many-disks"] * 5, "with its own it has six"

    at = {"boot": 1, "mono_ms": 1, "wall_ms": 0, "is_synchronised": False}
    for n in range(150):
        centre.kiosk.say(EVT, {"epoch": f"made-up-{n}", "first": 1, "told": at, "entries": [{"kind": "nonsense"}]})
        if n % _AT_ONCE == 0:
            read_by_now(centre, n, centre.kiosk)

    wait_until(lambda: centre.kiosk.last(ACK).get("epoch") == "made-up-149", what="all are answered")
    taken = [ack for ack in centre.kiosk.on(ACK) if ack["upto"] == 1]
    assert 0 < len(taken) <= 100


@pytest.mark.parametrize("leaf", ["evt", "ask", "state"])
def test_a_packet_larger_than_any_message_costs_its_sender_the_connection(centre: Centre, leaf: str) -> None:
    beat = centre.screen()["beat"]
    centre.kiosk.say(f"{DEV}/aubagne-kiosk-1/{leaf}", json.dumps({"id": "x" * 1_000_000}).encode())

    wait_until(lambda: not centre.kiosk.link.is_up, what="the broker hangs up")
    wait_until(lambda: centre.kiosk.link.is_up, what="the kiosk is back")
    centre.wait_for(lambda screen: screen["beat"] != beat, "the centre goes on")
    centre.issue(1)
    centre.wait_for(waiting(1), "and takes tickets")


def test_a_ticket_told_while_the_controller_hung_keeps_its_place(centre: Centre) -> None:
    """What waited in the broker says "now" of a minute ago; told again, it says how old the ticket is."""
    assert centre.process
    beat = centre.screen()["beat"]
    issued = {"boot": 1, "mono_ms": 10_000, "wall_ms": 0, "is_synchronised": False}
    entry = {"kind": "issued", "ticket": "t1", "number": "A001", "token": "0" * 16}
    told = {"epoch": DISK, "first": 1, "entries": [entry | {"service": "consultation", "language": "fr", "at": issued}]}
    began_s = time.monotonic()
    centre.process.send_signal(signal.SIGSTOP)
    centre.kiosk.say(EVT, told | {"told": issued, "beat": beat})
    wait_until(lambda: time.monotonic() - began_s > 3.5, what="it has hung for a while")
    centre.process.send_signal(signal.SIGCONT)
    centre.wait_for(lambda screen: screen["beat"] != beat, "it goes on")
    read_by_now(centre, 1, centre.kiosk)
    assert centre.screen()["waiting"] == [], "the late message is left"

    age_ms = round(1000 * (time.monotonic() - began_s))
    now = issued | {"mono_ms": issued["mono_ms"] + age_ms}
    centre.kiosk.say(EVT, told | {"told": now, "beat": centre.screen()["beat"]})

    centre.wait_for(waiting(1), "told again, it is taken in")
    with closing(read_only(centre.folder / "data" / "site.journal")) as db:
        body = db.execute("SELECT body FROM entry ORDER BY seq DESC LIMIT 1").fetchone()[0]
    record = json.loads(body)
    assert record["at_ms"] - record["event"]["ordered_at_ms"] == pytest.approx(age_ms, abs=100)


def test_a_question_asked_again_in_one_breath_acts_once(centre: Centre) -> None:
    for n in (1, 2):
        centre.issue(n)
    centre.wait_for(waiting(2), "two wait")
    assert centre.process
    press = {"beat": centre.screen()["beat"], "ttl_s": 30, "act": {"kind": "press", "room": "room-1"}}
    centre.process.send_signal(signal.SIGSTOP)
    for n in range(4):
        for _ in range(18):
            centre.room.say(f"{DEV}/aubagne-room-1/ask", press | {"id": f"press-{n}"})
    centre.process.send_signal(signal.SIGCONT)

    answer = f"{DEV}/aubagne-room-1/answer"
    centre.room.say(f"{DEV}/aubagne-room-1/ask", press | {"id": "after", "beat": "none of ours"})
    wait_until(lambda: centre.room.last(answer).get("id") == "after", what="all are answered")
    beat = centre.screen()["beat"]
    centre.wait_for(lambda screen: screen["beat"] != beat, "what they did is shown")
    assert centre.screen()["calls"][0]["calls"] == 4, "the first press calls, each other one calls again"


def test_a_state_under_another_role_and_a_late_will_are_not_believed(centre: Centre, network: Peer) -> None:
    state = f"{DEV}/aubagne-room-1/state"
    centre.room.say(state, {"boot": 7, "role": "room", "state": "ready", "start": "b"})
    centre.room.say(state, {"boot": 6, "role": "room", "state": "lost", "start": "a"})
    centre.room.say(state, {"boot": 8, "role": "controller", "state": "ready"})

    wait_until(lambda: refused(network).get(state) == 1, what="the wrong role is counted")
    said = health(network, "aubagne-room-1")
    assert (said["boot"], said["role"], said["state"]) == (7, "room", "ready")
