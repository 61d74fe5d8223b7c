"""The forecaster: the controller's companion, a process of its own that plays the queue forward.

    python -m firmware.controller.forecaster

It hears questions and answers each, a line there and a line back, and ends when its input does.

Rule: it knows nothing but what it is asked, and loads NumPy and the forecast alone, because it lives beside the
controller all day.
"""

from __future__ import annotations

import sys

from core.forecast.play import forecast
from firmware.controller.child import begin
from firmware.controller.lines import Question, read, write

__all__ = ["main"]

_SEED = 1
"""Always the same: what is told moves when the queue does, and never by chance."""


def main() -> None:
    """Answer until the input ends."""
    answers = begin()
    while line := sys.stdin.buffer.readline():
        question = read(Question, line)
        answers.write(write(forecast(question.moment, question.habits, _SEED)) + b"\n")
        answers.flush()


if __name__ == "__main__":
    main()
