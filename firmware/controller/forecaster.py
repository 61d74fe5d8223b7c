"""The forecaster: the controller's companion, a process of its own that plays the queue forward, and learns at night.

    python -m firmware.controller.forecaster SITE_FILE DATA_FOLDER

It hears what was learnt so far, and then questions, each of which it answers, a line each. While nothing is asked it
learns, a day at a time. It ends when its input does.

Rule: it gives way to everything else on its machine, and writes nothing but its answers.
"""

from __future__ import annotations

import argparse
import ctypes
import logging
import os
import select
import signal
import sys
from pathlib import Path
from typing import BinaryIO

from core.edge.config import load
from core.edge.site import Site
from core.forecast.play import forecast
from core.room.passage import Policy
from core.wire.coding import WireError, decode
from core.wire.messages import Learnt, SiteConfig
from firmware.controller.learning import Learner
from firmware.controller.lines import QUESTION, REPLY, Reply
from firmware.controller.plan import policy_of

__all__ = ["Forecaster", "main"]

_log = logging.getLogger(__name__)

_NICE = 10
"""A tenth of the processor time that whoever else wants to run gets (sched(7))."""
_PR_SET_PDEATHSIG = 1
"""prctl(2): the signal to get when the thread that started this process ends, as its companion's does with it."""
_SEED = 1
"""Always the same: what is told moves when the queue does, and never by chance."""


class Forecaster:
    """What it hears and what it says."""

    def __init__(self, site: Site, data: Path, questions: BinaryIO, answers: BinaryIO) -> None:
        """
        Args:
            data: the controller's folder, with the site's journal.
        """
        self._site = site
        self._data = data
        self._questions = questions
        self._answers = answers
        learnt = questions.readline().strip()
        self._learner = Learner(data / "site.journal", decode(Learnt, learnt) if learnt else None, self._policy)
        self._learnt: Learnt | None = None
        """Since the newest answer."""
        self._day: str | None = None
        self._is_behind = False
        """Whether a day may be over that was not learnt from."""

    def run(self) -> None:
        """Answer until the input ends."""
        while line := self._next_line():
            question = QUESTION.read(line)
            outlook = forecast(question.moment, self._learner.habits, _SEED)
            self._answers.write(REPLY.write(Reply(outlook=outlook, learnt=self._learnt)) + b"\n")
            self._answers.flush()
            self._learnt = None
            if question.day != self._day:
                self._day, self._is_behind = question.day, True

    def _next_line(self) -> bytes:
        while self._is_behind and not select.select([self._questions], [], [], 0)[0]:
            self._learn()
        return self._questions.readline()

    def _learn(self) -> None:
        """From one day; whatever is wrong with it, forecasts go on by the habits of before."""
        try:
            learnt = self._learner.next_day()
        except Exception:
            _log.exception("nothing could be learnt")
            learnt = None
        self._is_behind = learnt is not None
        self._learnt = learnt or self._learnt

    def _policy(self) -> Policy:
        """By the centre's file, and by the plan as it lies on the disk."""
        try:
            return policy_of(self._site, decode(SiteConfig, (self._data / "plan.json").read_bytes()))
        except (OSError, WireError, ValueError):
            return policy_of(self._site)


def main(arguments: list[str]) -> int:
    """Work for the controller at the other end of standard input and output; returns the exit code."""
    parser = argparse.ArgumentParser(prog="firmware.controller.forecaster")
    parser.add_argument("site", type=Path)
    parser.add_argument("data", type=Path)
    args = parser.parse_args(arguments)
    os.nice(_NICE)
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)  # one that was stopped never reads that its input ends
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to a whole group of processes; ours ends with its input
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints is no answer
    logging.basicConfig(stream=sys.stderr, level=logging.INFO)
    Forecaster(load(args.site, Site), args.data, sys.stdin.buffer, answers).run()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
