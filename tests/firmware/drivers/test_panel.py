"""A real SDL surface without a screen: touched as by a finger, seen as a picture."""

import base64
import io
import os
import threading
import time
from collections.abc import Iterator
from contextlib import closing

import pytest
from PIL import Image

from firmware.drivers.control import ControlError
from firmware.drivers.panel import Held, Panel, Scan, Touch, make_panel
from firmware.drivers.panel.settings import DummyPanelSettings


@pytest.fixture
def panel(control, monkeypatch) -> Iterator[Panel]:
    for name in ("SDL_VIDEODRIVER", "PYGAME_HIDE_SUPPORT_PROMPT"):  # set by make_panel, undone after the test
        monkeypatch.setenv(name, os.environ.get(name, ""))
    settings = DummyPanelSettings(driver="dummy", width=800, height=480, width_mm=154)
    with closing(make_panel(settings, control)) as panel:
        yield panel


def post(kind: str, **values: object) -> None:
    import pygame

    pygame.event.post(pygame.event.Event(getattr(pygame, kind), **values))


def touched(panel: Panel) -> list[Touch | Scan]:
    return panel.touches(0.01)


def test_the_panel_is_as_large_as_its_settings_say(panel):
    assert panel.size_px == (800, 480)
    assert panel.surface.get_size() == (800, 480)
    assert panel.width_mm == 154


def test_a_touch_of_the_workbench_arrives_at_the_pixel_it_was_put_on(panel, client):
    for place in ((0, 0), (799, 479), (123, 457)):
        client.call("panel", "touch", x=place[0], y=place[1])
        assert panel.touches(1) == [Touch(*place)]
        later_s = time.monotonic() + 0.06  # when another event is another touch
        while time.monotonic() < later_s:
            assert panel.touches(0.06) == []


def test_a_touch_told_as_finger_and_as_mouse_is_one(panel):
    post("FINGERDOWN", x=0.5, y=0.5)
    post("MOUSEBUTTONDOWN", pos=(400, 240), button=1, touch=False)

    assert touched(panel) == [Touch(400, 240)]


def test_a_mouse_event_made_from_a_finger_is_dropped(panel):
    post("MOUSEBUTTONDOWN", pos=(10, 10), button=1, touch=True)

    assert touched(panel) == []


def test_a_mouse_in_a_window_touches_with_its_left_button_only(panel):
    post("MOUSEBUTTONDOWN", pos=(10, 10), button=3, touch=False)
    post("MOUSEBUTTONDOWN", pos=(20, 30), button=1, touch=False)

    assert touched(panel) == [Touch(20, 30)]


def test_a_finger_on_the_rim_is_on_the_screen(panel):
    post("FINGERDOWN", x=1.0, y=1.0)

    assert touched(panel) == [Touch(799, 479)]


def test_waking_from_another_thread_ends_the_wait(panel):
    threading.Timer(0.05, panel.wake).start()
    start = time.monotonic()

    assert panel.touches(10) == []
    assert time.monotonic() - start < 5


def test_waking_a_closed_panel_does_nothing(panel):
    panel.close()

    panel.wake()


def test_the_frame_is_what_was_shown_last_and_not_what_is_being_drawn(panel, client):
    panel.surface.fill((255, 0, 0))
    panel.show()
    panel.surface.fill((0, 0, 255))

    frame = client.call("panel", "frame")
    picture = Image.open(io.BytesIO(base64.b64decode(frame["png"])))
    assert frame["number"] == client.call("panel", "frame_number")["number"] == 1
    assert picture.size == (800, 480)
    assert picture.getpixel((400, 240)) == (255, 0, 0)

    panel.show()
    assert client.call("panel", "frame_number") == {"number": 2}


def test_when_each_frame_was_shown_is_known_to_whoever_measures(panel, client):
    before_s = time.monotonic()
    panel.show()
    panel.show()

    first_s, second_s = client.call("panel", "frame_times")["shown_s"]

    assert before_s <= first_s <= second_s <= time.monotonic()


def test_a_frozen_screen_hangs_whoever_shows_or_waits_while_its_cues_still_answer(panel, client):
    client.call("panel", "freeze")
    hanging = [threading.Thread(target=act, daemon=True) for act in (panel.show, lambda: panel.touches(0))]
    for thread in hanging:
        thread.start()
        thread.join(0.1)

    assert all(thread.is_alive() for thread in hanging)
    assert client.call("panel", "frame_number") == {"number": 0}


def test_single_colours_are_those_of_what_was_shown_last(panel, client):
    panel.surface.fill((255, 0, 0))
    panel.surface.set_at((799, 479), (1, 2, 3))
    panel.show()
    panel.surface.fill((0, 0, 255))

    colours = client.call("panel", "colours", at=[[0, 0], [799, 479]])["colours"]

    assert colours == [[255, 0, 0], [1, 2, 3]]


def test_a_window_can_be_closed(panel, client):
    assert not panel.is_closed
    client.call("panel", "close")
    panel.touches(0.1)

    assert panel.is_closed


@pytest.mark.parametrize(
    "cue",
    [
        {"do": "touch", "x": 800, "y": 0},
        {"do": "touch", "x": "a", "y": 0},
        {"do": "colours", "at": [[0, 480]]},
        {"do": "lick"},
    ],
)
def test_a_cue_that_makes_no_sense_is_refused(panel, client, cue, caplog):
    with pytest.raises(ControlError, match=r"not on a screen of 800 x 480|no such cue"):
        client.call("panel", **cue)
    assert touched(panel) == []


def test_what_a_scanner_types_arrives_as_one_text(panel, client):
    client.call("panel", "scan", text="https://file.example/t/AbcdefghijklmnoP")

    assert touched(panel) == [Scan("https://file.example/t/AbcdefghijklmnoP")]


def test_a_key_held_down_fills_no_memory(panel):
    import pygame

    for _ in range(3):
        for _ in range(5000):
            post("KEYDOWN", key=pygame.K_a, unicode="a")
        assert touched(panel) == []
    post("KEYDOWN", key=pygame.K_RETURN, unicode="\r")

    (scan,) = touched(panel)
    assert len(scan.text) == 200


LEAVE = [("F4", "ALT"), ("q", "CTRL"), ("c", "CTRL"), ("F2", "CTRL"), ("TAB", "ALT"), ("ESCAPE", "NONE"), ("d", "META")]


def test_no_key_and_no_wish_of_the_window_leads_out_of_a_full_screen(panel):
    import pygame

    from firmware.drivers.panel.sdl import SdlPanel

    with closing(SdlPanel(size_px=(800, 480), width_mm=154, full_screen=True)) as whole:
        for key, modifier in LEAVE:
            values = {"key": getattr(pygame, f"K_{key}"), "mod": getattr(pygame, f"KMOD_{modifier}"), "unicode": ""}
            post("KEYDOWN", **values)
            post("KEYUP", **values)
        for kind in ("WINDOWCLOSE", "QUIT", "WINDOWMINIMIZED", "WINDOWFOCUSLOST", "MULTIGESTURE", "MOUSEWHEEL"):
            post(kind)

        assert touched(whole) == []
        assert not whole.is_closed


def test_a_finger_that_stays_for_long_is_told_when_it_is_lifted(panel):
    from firmware.drivers.panel.sdl import SdlPanel

    with closing(SdlPanel(size_px=(800, 480), width_mm=154, full_screen=False, hold_s=0.02)) as held:
        post("FINGERDOWN", x=0.25, y=0.5)
        assert held.touches(0.03) == [Touch(200, 240)]
        deadline_s = time.monotonic() + 0.03
        while time.monotonic() < deadline_s:
            assert held.touches(0.01) == []
        post("FINGERUP", x=0.25, y=0.5)

        assert held.touches(0.03) == [Held(200, 240)]
