"""What the controller's own processes have in common: they give way to it, and none outlives it."""

from __future__ import annotations

import ctypes
import os
import signal
from collections.abc import Mapping
from typing import BinaryIO

__all__ = ["ENVIRONMENT", "begin"]

ENVIRONMENT: Mapping[str, str] = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
"""NumPy's own threads would take memory, and processors that others need."""

_NICE = 10
"""A tenth of the processor time that whoever else wants to run gets (sched(7))."""
_PR_SET_PDEATHSIG = 1
"""prctl(2): the signal to get when the thread that started this process ends, as a controller's does with it."""


def begin() -> BinaryIO:
    """Be a process of the controller's.

    Returns:
        Where it hears what this process says.
    """
    os.nice(_NICE)
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)  # one that was stopped never reads that its input ends
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to a whole group; ours end with the controller
    said = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints is none of it
    return said
