"""The storm is fixed by its seed, and spares no crash point."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

from tests.chaos.schedule import POINTS, Target, schedule

TARGET = Target(
    processes=["site-broker", "controller", "kiosk"], wires=["kiosk", "uplink"], kiosks=["kiosk"]
)  # fmt: skip
_PRODUCT = ("core", "firmware", "agent")


def test_one_seed_is_one_storm() -> None:
    assert schedule(7, 60, TARGET, longest_s=8) == schedule(7, 60, TARGET, longest_s=8)
    assert schedule(7, 60, TARGET, longest_s=8) != schedule(8, 60, TARGET, longest_s=8)


def test_every_crash_point_of_the_product_is_armed_once_in_each_storm() -> None:
    root = Path(__file__).parents[2]
    files = (file for folder in _PRODUCT for file in (root / folder).rglob("*.py"))
    named = {name for file in files for name in re.findall(r'crash_point\("(.+?)"\)', file.read_text(encoding="utf-8"))}

    armed = Counter((one.target, one.how) for one in schedule(1, 60, TARGET, longest_s=8) if one.kind == "crash")

    assert {name for points in POINTS.values() for name in points} == named
    assert set(armed.values()) == {1}
    assert armed.keys() == {(process, point) for process, points in POINTS.items() for point in points}


def test_blows_come_one_to_three_at_once_and_end_in_time() -> None:
    blows = [one for one in schedule(3, 600, TARGET, longest_s=8) if one.kind != "crash"]

    assert {1, 2, 3} >= set(Counter(one.at_s for one in blows).values()) >= {1, 2}
    assert {one.kind for one in blows} == {"kill", "pause", "cut", "clock", "printer"}
    assert all(0 <= one.lasts_s <= 8 for one in blows)
