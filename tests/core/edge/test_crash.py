"""A crash point kills exactly once, and only where it is armed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

from core.edge.crash import CRASH_POINTS

_PASS_TWO_POINTS = "from core.edge.crash import crash_point; crash_point('a'); print('between'); crash_point('b')"


def pass_two_points(folder: Path | None) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, **({CRASH_POINTS: str(folder)} if folder else {})}
    return subprocess.run(
        [sys.executable, "-u", "-c", _PASS_TWO_POINTS],
        env=environment,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


def test_a_process_dies_at_the_point_that_is_armed_and_not_at_another_one(tmp_path: Path) -> None:
    (tmp_path / "b").touch()

    died = pass_two_points(tmp_path)

    assert (died.returncode, died.stdout) == (-signal.SIGKILL, "between\n")


def test_the_process_that_comes_back_lives(tmp_path: Path) -> None:
    (tmp_path / "a").touch()

    assert pass_two_points(tmp_path).returncode == -signal.SIGKILL
    assert pass_two_points(tmp_path).returncode == 0
    assert [one.name for one in tmp_path.iterdir()] == ["a.hit"]


def test_without_the_variable_nothing_is_armed(tmp_path: Path) -> None:
    assert pass_two_points(None).returncode == 0
