"""The demo's centre, open, and a phone."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from borne.demo.stage import Pace, Stage, build, children
from borne.demo.supervisor import Supervisor
from core.edge.clock import ScaledClock
from tests.journeys.browser import Phone, open_phone
from tests.journeys.centre import EVENING_MS, SPEED, Centre
from tests.journeys.day import Day
from tests.journeys.scene import starting_at


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers", "story(begins, speed, rooms=2): an equipped centre about this hour, whose time runs so much faster"
    )


@pytest.fixture
def story(request: pytest.FixtureRequest) -> Mapping[str, Any]:
    marker = request.node.get_closest_marker("story")
    return marker.kwargs if marker else {}


@pytest.fixture
def pace(story: Mapping[str, Any]) -> Pace:
    if story:
        return starting_at(story["begins"], story["speed"])
    return Pace(origin_ms=time.time_ns() // 1_000_000, start_ms=EVENING_MS, speed=SPEED)


@pytest.fixture
def stage(tmp_path: Path, pace: Pace, story: Mapping[str, Any]) -> Iterator[Stage]:
    built = build(tmp_path / "stage", pace, rooms=story.get("rooms", 2), has_towns=not story, is_equipped=bool(story))
    yield built
    shutil.rmtree(built.sockets)


@pytest.fixture
def clock(pace: Pace) -> ScaledClock:
    """The centre's time."""
    return ScaledClock(origin_ms=pace.origin_ms, start_ms=pace.start_ms, speed=pace.speed)


@pytest.fixture
def centre(stage: Stage, clock: ScaledClock, mosquitto_binary: Path) -> Iterator[Centre]:
    with Supervisor(children(stage, mosquitto_binary), stage.logs) as supervisor:
        centre = Centre(stage, clock, supervisor)
        centre.wait_until_open()
        yield centre


@pytest.fixture
def day(centre: Centre, stage: Stage, clock: ScaledClock) -> Day:
    return Day(centre, stage, clock)


@pytest.fixture
def phone(tmp_path: Path) -> Iterator[Phone]:
    with open_phone(tmp_path / "profile") as phone:
        yield phone
