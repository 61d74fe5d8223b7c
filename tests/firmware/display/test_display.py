"""A display as a real process: its frames read back and compared with the picture of the board it should show."""

from __future__ import annotations

import base64
import io
import signal
from collections.abc import Iterator
from pathlib import Path

import pygame
import pytest
from PIL import Image, ImageChops

from core.edge.config import ConfigError
from core.edge.site import Site
from core.room.ids import RoomId
from core.wire.messages import Screen
from firmware.display.app import run
from firmware.display.board import Sightings, make_board
from firmware.display.view import View
from firmware.kept import KeptScreen
from provisioning.tree import Tree
from tests.firmware.stage import DeviceProcess, PlayedController, make_screen
from tests.mosquitto import wait_until

DEVICE = "aubagne-display"
SIZE_PX = (1280, 720)
PANEL = '[panel]\ndriver = "dummy"\nwidth = 1280\nheight = 720\nwidth_mm = 952'
OLD_CALLS = make_screen(5, calls=(("A042", "room-2"), ("A041", "room-1")), waiting=("A043", "A044"), call_age_ms=90_000)


@pytest.fixture
def display(provisioned: Tree, short_path: Path) -> Iterator[DeviceProcess]:
    display = DeviceProcess(provisioned.device("aubagne", DEVICE), "display", PANEL, short_path)
    yield display
    display.close()


def frame(display: DeviceProcess) -> Image.Image:
    return Image.open(io.BytesIO(base64.b64decode(display.call("panel", "frame")["png"]))).convert("RGB")


def picture(site: Site, screen: Screen | None, *, is_fresh: bool) -> Image.Image:
    """What the board of a screen looks like when no call on it is new."""
    surface = pygame.Surface(SIZE_PX)
    view = View(surface, "fr")
    view.draw(
        make_board(
            screen,
            is_fresh=is_fresh,
            sightings=Sightings(),
            now_s=0.0,
            now=None,
            site=site.name,
            labels={RoomId(room.id): room.label for room in site.rooms},
            capacity=view.layout.capacity,
        )
    )
    return Image.frombytes("RGB", SIZE_PX, pygame.image.tobytes(surface, "RGB"))


def shows(display: DeviceProcess, expected: Image.Image) -> bool:
    return ImageChops.difference(frame(display), expected).getbbox() is None


def expect(display: DeviceProcess, expected: Image.Image, what: str, within_s: float = 10.0) -> None:
    wait_until(lambda: shows(display, expected), what=what, deadline_s=within_s)


def test_the_panel_shows_the_screen_and_the_health_names_its_revision(
    display: DeviceProcess, played: PlayedController, site_plan: Site
) -> None:
    played.show(OLD_CALLS)
    display.start()

    expect(display, picture(site_plan, OLD_CALLS, is_fresh=True), "the board")
    wait_until(lambda: played.states[DEVICE].shown_rev == 5, what="the health names the revision")


def test_before_anything_is_known_the_panel_welcomes_and_says_that_it_waits_for_news(
    display: DeviceProcess, site_plan: Site
) -> None:
    display.start()

    assert shows(display, picture(site_plan, None, is_fresh=False))


def test_a_new_call_is_seen_blinking(display: DeviceProcess, played: PlayedController) -> None:
    played.show(make_screen(5))
    display.start()
    wait_until(lambda: bool(played.states.get(DEVICE)) and played.states[DEVICE].shown_rev == 5, what="the board")
    corner = (SIZE_PX[0] // 2, 130)

    seen = [frame(display).getpixel(corner)]

    played.show(make_screen(6, calls=(("A042", "room-2"),)))

    def see() -> bool:
        colour = frame(display).getpixel(corner)
        if colour != seen[-1]:
            seen.append(colour)
        return len(seen) >= 5

    wait_until(see, what="white, then dark and bright in turn", deadline_s=5.0)
    white, one, other = seen[:3]
    assert len({white, one, other}) == 3
    assert seen[3:5] == [one, other]


def test_at_rest_nothing_is_drawn(display: DeviceProcess, played: PlayedController, site_plan: Site) -> None:
    played.show(OLD_CALLS)
    display.start()
    expect(display, picture(site_plan, OLD_CALLS, is_fresh=True), "the board")
    number = display.call("panel", "frame_number")["number"]

    for _ in range(8):
        while display.hear() != "WATCHDOG=1":
            pass

    assert display.call("panel", "frame_number")["number"] == number


def test_within_five_seconds_of_the_controllers_silence_the_board_says_that_it_waits_for_news(
    display: DeviceProcess, played: PlayedController, site_plan: Site
) -> None:
    played.show(OLD_CALLS)
    display.start()
    expect(display, picture(site_plan, OLD_CALLS, is_fresh=True), "the board")

    played.fall_silent()

    expect(display, picture(site_plan, OLD_CALLS, is_fresh=False), "the notice", within_s=5.0)


def test_after_a_power_cut_the_board_kept_on_disk_is_shown_and_marked_and_announces_nobody(
    display: DeviceProcess, played: PlayedController, site_plan: Site
) -> None:
    just_called = make_screen(5, calls=(("A042", "room-2"),), waiting=("A043",))
    played.show(just_called)
    display.start()
    kept = display.folder / "data" / "screen.json"
    wait_until(lambda: kept.exists() and '"rev":5' in kept.read_text(), what="the screen on the disk")
    display.end(signal.SIGKILL)
    played.fall_silent()
    played.states.clear()

    display.start()

    wait_until(lambda: played.states.get(DEVICE) is not None, what="the display is connected again")
    assert shows(display, picture(site_plan, just_called, is_fresh=False))


def test_an_older_revision_is_never_shown_after_a_newer_one(
    display: DeviceProcess, played: PlayedController, site_plan: Site
) -> None:
    played.show(OLD_CALLS)
    display.start()
    expect(display, picture(site_plan, OLD_CALLS, is_fresh=True), "the board")

    played.show(make_screen(4))
    newer = OLD_CALLS.model_copy(update={"rev": 6, "waiting": []})
    number = display.call("panel", "frame_number")["number"]
    played.show(newer)

    expect(display, picture(site_plan, newer, is_fresh=True), "the newer board")
    assert display.call("panel", "frame_number")["number"] == number + 1


def test_bytes_that_are_no_screen_are_counted_and_change_nothing(
    display: DeviceProcess, played: PlayedController, site_plan: Site
) -> None:
    played.show(OLD_CALLS)
    display.start()
    expect(display, picture(site_plan, OLD_CALLS, is_fresh=True), "the board")

    played.link.publish(played.topics.screen, b'{"calls": "everybody"}')

    wait_until(lambda: played.states[DEVICE].refused == {played.topics.screen: 1}, what="the health counts it")
    assert shows(display, picture(site_plan, OLD_CALLS, is_fresh=True))


def test_told_to_stop_the_display_ends_without_a_word(display: DeviceProcess, played: PlayedController) -> None:
    display.start()
    wait_until(lambda: bool(played.states.get(DEVICE)), what="the display is there")

    assert display.end() == (0, "")
    wait_until(lambda: played.states[DEVICE].state == "lost", what="it has said that it is gone")


def test_closing_the_window_ends_the_display(display: DeviceProcess) -> None:
    display.start()

    display.call("panel", "close")

    assert display.wait() == (0, "")


def test_a_panel_of_an_unknown_kind_stops_the_display_with_the_nearest_name(provisioned: Tree) -> None:
    path = provisioned.device("aubagne", DEVICE) / "device.toml"
    path.write_text(path.read_text() + '\n[panel]\ndriver = "dumy"\n')

    with pytest.raises(ConfigError, match="did you mean 'dummy'"):
        run(path)


def test_asked_for_the_day_it_gives_the_newest_screen_and_keeps_it(
    display: DeviceProcess, played: PlayedController
) -> None:
    screen = make_screen(5, waiting=("A042",))
    played.show(screen)
    display.start()
    wait_until(
        lambda: (state := played.states.get("aubagne-display")) is not None and state.shown_rev == 5,
        what="the screen is shown",
    )

    played.show(make_screen(0).model_copy(update={"epoch": "empty-disk", "is_gathering": True}))

    wait_until(lambda: "aubagne-display" in played.kept, what="the display answers")
    kept = played.kept["aubagne-display"].screen
    assert kept is not None
    assert (kept.epoch, kept.rev) == (screen.epoch, 5)
    wait_until(lambda: KeptScreen(display.folder / "data").screen is not None, what="the screen is kept")
    on_disk = KeptScreen(display.folder / "data").screen
    assert on_disk is not None
    assert on_disk.epoch == screen.epoch
