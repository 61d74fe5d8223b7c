"""What the benchmarks reach with margin stays reached: few rounds, and bounds that hold beside busy neighbours.

The table itself, with the goals, is `make bench` on a quiet machine.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks import backlog, commits, kiosk_rest, touch
from benchmarks.fair import Figure

pytestmark = pytest.mark.heavy


@pytest.fixture
def disk() -> Iterator[Path]:
    """Not pytest's own folder, which may be memory: a sync there costs nothing."""
    with tempfile.TemporaryDirectory(prefix="borne-gate-", dir="/var/tmp") as folder:
        yield Path(folder)


def test_a_backlog_in_batches_drains_faster_than_two_c_clients_that_keep_nothing(disk: Path) -> None:
    figures = _by_path(backlog.measure(disk, 1))
    assert _ratio(figures["backlog drained, adaptive batches"]) >= 1.2


def test_a_slip_is_drawn_in_half_the_time_that_python_escpos_takes_for_its_picture(disk: Path) -> None:
    figures = _by_path(touch.measure(disk, 1))
    assert _ratio(figures["drawing and encoding of a slip, CPU"]) <= 0.5


def test_a_ticket_costs_two_commits_at_its_kiosk_and_a_press_one_at_the_controller(disk: Path) -> None:
    figures = _by_path(commits.measure(disk, 1))
    assert figures["commits at the kiosk, a ticket"].value == 2
    assert figures["commits at the controller, a batch"].value == 1


@pytest.mark.timeout(300)
def test_a_kiosk_at_rest_takes_half_the_processor_time_of_a_loop_that_only_waits_for_events(disk: Path) -> None:
    figures = _by_path(kiosk_rest.measure(disk, 1))
    assert _ratio(figures["kiosk's processor time per minute of rest"]) <= 0.5


def _by_path(figures: Iterator[Figure]) -> dict[str, Figure]:
    return {figure.path: figure for figure in figures}


def _ratio(figure: Figure) -> float:
    assert figure.ratio is not None
    return figure.ratio.median
