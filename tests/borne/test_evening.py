"""A short evening through every process of the demo, as a heavy test."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from borne.demo.workbench.bench import address_on

_PATIENTS = 8


@pytest.mark.heavy
@pytest.mark.timeout(300)
def test_a_played_evening_keeps_every_promise_and_leaves_slips_screens_and_a_report(tmp_path: Path) -> None:
    out = tmp_path / "evening"
    command = ["demo", "--once", "--patients", str(_PATIENTS), "--speed", "300", "--seed", "7", "--out", str(out)]

    ended = subprocess.run(
        [sys.executable, "-m", "borne", *command], capture_output=True, text=True, timeout=240, check=False
    )

    assert ended.returncode == 0, ended.stdout + ended.stderr
    report = json.loads((out / "report.json").read_text())
    assert set(report["invariants"].values()) == {"held"}
    assert len(report["invariants"]) == 11
    assert report["issued"] == report["printed"] == report["called"] == _PATIENTS
    assert report["completed"] + report["no_show"] == _PATIENTS
    assert set(report["restarts"].values()) == {0}
    assert len({address_on(slip) for slip in (out / "slips").glob("*.bin")} - {None}) == _PATIENTS
    assert {"1700-display.png", "1700-kiosk.png", "1730-display.png"} <= {
        one.name for one in (out / "screens").iterdir()
    }
