"""From a contact that bounces to one gesture: through the real driver, whose fake keeps the hardware's debounce."""

from __future__ import annotations

import queue
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firmware.drivers.control import ControlClient, ControlSocket
from firmware.drivers.gpio import make_gpio
from firmware.drivers.gpio.settings import ButtonSettings, MockGpioSettings
from firmware.room.gestures import ButtonState, Edge, Gesture, Holds, follow

BOUNCE_MS = 5
HOLDS = Holds()

bounces = st.lists(st.floats(0.1, BOUNCE_MS - 1), max_size=12).filter(lambda pauses: len(pauses) % 2 == 0)
"""How long each wrong or right level stays, before the level that stays."""


@pytest.fixture(scope="module", params=[None, 22], ids=["one contact", "two contacts"])
def edges(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[ControlClient, queue.SimpleQueue[Edge]]]:
    path: Path = tmp_path_factory.mktemp("bounces") / "control"
    wired = MockGpioSettings(driver="mock", call=ButtonSettings(pin=17, nc_pin=request.param), bounce_ms=BOUNCE_MS)
    heard: queue.SimpleQueue[Edge] = queue.SimpleQueue()
    with closing(ControlSocket(path)) as control, closing(make_gpio(wired, control)) as gpio:
        gpio.buttons["call"].listen(lambda is_pressed, at_s: heard.put(Edge("call", is_pressed, at_s)))
        yield ControlClient(path), heard


@given(st.lists(st.tuples(bounces, bounces), min_size=1, max_size=3))
@settings(max_examples=20, deadline=None)
def test_each_press_of_a_bouncing_contact_is_one_gesture(
    edges: tuple[ControlClient, queue.SimpleQueue[Edge]], presses: list[tuple[list[float], list[float]]]
) -> None:
    client, heard = edges
    played: list[tuple[bool, float]] = []
    for going_down, going_up in presses:
        played += [(place % 2 == 0, pause) for place, pause in enumerate(going_down)] + [(True, 3.0 * BOUNCE_MS)]
        played += [(place % 2 == 1, pause) for place, pause in enumerate(going_up)] + [(False, 3.0 * BOUNCE_MS)]

    client.call("gpio", "play", edges=played)

    button, told = ButtonState(), []
    for _ in range(2 * len(presses)):
        button, gesture = follow(button, heard.get(timeout=10), HOLDS)
        told.append(gesture)
    assert told == [Gesture.DOWN, Gesture.PRESS] * len(presses)
    assert heard.empty()


def test_a_contact_that_never_settles_is_no_press(edges: tuple[ControlClient, queue.SimpleQueue[Edge]]) -> None:
    client, heard = edges

    client.call("gpio", "play", edges=[*[[True, 2], [False, 2]] * 30, [False, 0]])

    with pytest.raises(queue.Empty):
        heard.get(timeout=0.3)
