"""One storm over a busy evening, on real processes and brokers: every crash point, every invariant."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.chaos.planted import BUGS
from tests.chaos.run import SHORT, run

_SEED = 1


@pytest.mark.timeout(300)
def test_nothing_is_lost_and_nothing_is_done_twice_in_a_storm(tmp_path: Path, mosquitto_binary: Path) -> None:
    verdict = run(_SEED, tmp_path / "storm", mosquitto_binary, length=SHORT)

    assert not verdict.broken, f"{verdict}\n" + "\n".join(map(str, verdict.broken))
    assert verdict.counts["slips"] > 10


@pytest.mark.heavy
@pytest.mark.timeout(2000)
@pytest.mark.parametrize("bug", BUGS)
def test_a_planted_bug_is_found_within_twenty_storms(bug: str, tmp_path: Path, mosquitto_binary: Path) -> None:
    assert any(run(seed, tmp_path / str(seed), mosquitto_binary, bug=bug).broken for seed in range(1, 21))
