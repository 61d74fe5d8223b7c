"""One device sends 10,000 messages a second: the others' presses are answered, and a person is told."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.firmware.controller.test_controller import ANSWER, ASK, DISK, Centre
from tests.hostile.neighbours import DEV, alerts, health, memory_kb
from tests.mosquitto import wait_until
from tests.peer import Peer

_AT = {"boot": 1, "mono_ms": 0, "wall_ms": 0, "is_synchronised": False}
_REPORTS = json.dumps({"epoch": DISK, "first": 1, "told": _AT, "entries": [{"kind": "nonsense"}]})
_PRESS = json.dumps(
    {"id": "q%d", "beat": "none", "ttl_s": 3, "act": {"kind": "press", "room": "room-2"}}, separators=(",", ":")
)
_STATE = json.dumps({"boot": 1, "role": "room", "state": "alert", "alerts": [{"code": "a", "detail": "%d"}]})
_FLOOD_S = 3.0


@contextmanager
def flood(centre: Centre, device: str, leaf: str, payload: str) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "tests.hostile.flooder", centre.folder.parent / device, str(centre.port)]
    process = subprocess.Popen(
        [*command, f"{DEV}/{device}/{leaf}", payload, "--for-s", str(_FLOOD_S)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout
    try:
        assert process.stdout.readline() == "connected\n"
        yield process
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def press(centre: Centre, n: int) -> float | None:
    """How long an answer takes in seconds; None when none comes while a doctor would wait for it."""
    heard, question = len(centre.room.heard), f"press-{n}"
    act = {"kind": "press", "room": "room-1"}
    began_s = time.monotonic()
    centre.room.say(ASK, {"id": question, "beat": centre.screen()["beat"], "ttl_s": 3, "act": act})
    while time.monotonic() - began_s < 3:
        if any(topic == ANSWER and question.encode() in payload for topic, payload in centre.room.heard[heard:]):
            return time.monotonic() - began_s
        time.sleep(0.0005)
    return None


@pytest.mark.parametrize(
    ("device", "leaf", "payload"),
    [
        ("aubagne-kiosk-2", "evt", _REPORTS),
        ("aubagne-room-2", "ask", _PRESS),
        ("aubagne-room-2", "ask", "no message at all"),
        ("aubagne-room-2", "state", _STATE),
    ],
    ids=["reports", "presses", "garbage", "states"],
)
def test_a_device_that_floods_stops_nobody_elses_press(
    centre: Centre, network: Peer, device: str, leaf: str, payload: str
) -> None:
    assert centre.process
    small_kb = memory_kb(centre.process.pid)
    quiet = [press(centre, n) for n in range(-50, 0)]

    took: list[float | None] = []
    with flood(centre, device, leaf, payload) as flooder:
        while flooder.poll() is None:
            took.append(press(centre, len(took)))
            time.sleep(0.01)
        assert flooder.stdout
        sent = int(flooder.stdout.read())

    answered = sorted(one for one in took if one is not None)
    middle, calm = statistics.median(answered), statistics.median(one for one in quiet if one is not None)
    print(
        f"{sent} in {_FLOOD_S:g} s; {len(took)} presses, median {middle:.4f} s, longest {answered[-1]:.4f} s;"
        f" without a flood {calm:.4f} s"
    )
    assert sent > 0.5 * 10_000 * _FLOOD_S
    assert len(took) > 10
    assert len(answered) == len(took), "every press has its answer while a doctor waits for it"
    assert middle < 0.1, "and most have it at once: a few wait behind the flood until it is noticed"
    assert memory_kb(centre.process.pid) < small_kb + 60_000
    wait_until(lambda: device in alerts(network).get("device-floods", ""), what="a person is told who floods")
    wait_until(lambda: health(network)["refused"].get(device, 0) > 0, what="and how much of it was dropped")


def test_who_has_flooded_is_heard_again_when_it_is_over(centre: Centre, network: Peer) -> None:
    state = f"{DEV}/aubagne-room-2/state"
    with flood(centre, "aubagne-room-2", "state", _STATE) as flooder:
        flooder.wait()

    room = centre.peer("aubagne-room-2", [f"{DEV}/aubagne-room-2/answer"])
    room.say(state, {"boot": 99, "role": "room", "state": "ready"}, retain=True)

    wait_until(
        lambda: health(network, "aubagne-room-2").get("boot") == 99, what="its newest state is read", deadline_s=25
    )
