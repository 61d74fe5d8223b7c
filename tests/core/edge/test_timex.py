"""What the kernel is asked, held to its own headers; what its answers mean, case by case."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from core.edge.clock import SystemClock
from core.edge.timex import Timex, read_timex
from tests.clockshim.shim import ShimmedClock, build_shim

_ASKS = """
#include <stdio.h>
#include <sys/timex.h>
int main(void) {
  struct timex state = {0};
  if (adjtimex(&state) == -1) return 1;
  printf("%d %ld %d\\n", state.status, state.esterror, STA_UNSYNC);
  return 0;
}
"""


def test_the_kernel_says_the_same_to_a_program_in_c(tmp_path: Path) -> None:
    source, program = tmp_path / "asks.c", tmp_path / "asks"
    source.write_text(_ASKS)
    subprocess.run(["cc", "-o", program, source], check=True, timeout=60)
    status, esterror_us, unsync = map(int, subprocess.check_output([program], timeout=10).split())

    ours = read_timex()

    assert ours.status & unsync == status & unsync
    assert (ours.esterror_us == 16_000_000) == (esterror_us == 16_000_000)
    assert SystemClock().is_synchronised() == (not status & unsync or esterror_us < 16_000_000)


@pytest.mark.parametrize(
    ("status", "esterror_us", "is_synchronised"),
    [
        pytest.param(0x0040, 16_000_000, False, id="since boot, or since a clock was set by hand"),
        pytest.param(0x2001, 350, True, id="a time server answers"),
        pytest.param(0x2041, 350, True, id="none has answered for nine hours"),
        pytest.param(0x0040, 120, True, id="chronyd without rtcsync"),
    ],
)
def test_what_a_time_server_has_set_stays_set(status: int, esterror_us: int, is_synchronised: bool) -> None:
    assert Timex(status=status, esterror_us=esterror_us).is_synchronised is is_synchronised


@pytest.mark.parametrize("is_synchronised", [True, False])
def test_a_process_under_the_shim_sees_the_clock_that_it_is_given(tmp_path: Path, is_synchronised: bool) -> None:
    clock = ShimmedClock(build_shim(), tmp_path / "clock", offset_s=-86_400, is_synchronised=is_synchronised)
    asks = "import time; from core.edge.clock import SystemClock as C; print(C().wall_ms(), C().is_synchronised())"
    environment = os.environ | clock.environment | {"PYTHONPATH": str(Path(__file__).parents[3])}

    said = subprocess.check_output([sys.executable, "-c", asks], env=environment, timeout=20).split()

    assert abs(SystemClock().wall_ms() - 86_400_000 - int(said[0])) < 20_000
    assert said[1] == str(is_synchronised).encode()
