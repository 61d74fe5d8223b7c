"""A process beside the controller, through real processes that answer, die, hang and talk too much."""

from __future__ import annotations

import os
import queue
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from firmware.controller.companion import Companion
from tests.mosquitto import wait_until

ECHO = "import os\nwhile True: print(os.getpid(), input(), flush=True)"
"""Answers with its number and the question, until its input ends."""


class Asked:
    """A companion and what came back from it."""

    def __init__(self, companion: Companion, answers: queue.SimpleQueue[bytes]) -> None:
        self.companion, self._answers = companion, answers

    def hear(self) -> list[str]:
        return self._answers.get(timeout=10).decode().split()

    def ask(self, question: str) -> list[str]:
        self.companion.ask(question.encode())
        return self.hear()

    @property
    def has_answers(self) -> bool:
        return not self._answers.empty()


@contextmanager
def asked(script: str, **limits: float) -> Iterator[Asked]:
    answers: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    companion = Companion("echo", [sys.executable, "-c", script], on_answer=answers.put, **limits)
    companion.start()
    try:
        yield Asked(companion, answers)
    finally:
        companion.stop()


def is_alive(pid: str) -> bool:
    return Path("/proc", pid).exists()


def test_it_answers_line_by_line_and_is_one_process() -> None:
    with asked(ECHO) as echo:
        first, second = echo.ask("one"), echo.ask("two")

    assert first[1:] == ["one"]
    assert second == [first[0], "two"]
    assert not is_alive(first[0])


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSTOP])
def test_one_that_is_dead_or_hangs_is_replaced(number: signal.Signals) -> None:
    with asked(ECHO, patience_s=2.0, restart_s=0.01) as echo:
        pid = echo.ask("one")[0]
        os.kill(int(pid), number)

        echo.companion.ask(b"in vain")
        wait_until(lambda: echo.companion.is_free, what="it is given up")
        after = echo.ask("two")

        assert after[1:] == ["two"], "what was asked in vain is not asked again"
        assert after[0] != pid
        assert not is_alive(pid)


@pytest.mark.parametrize(
    "script",
    [
        "raise SystemExit",
        "import time; time.sleep(60)",
        "while True: print('x' * 100_000, end='')",
        "import time\nwhile True: print('.', end='', flush=True) or time.sleep(0.05)",
    ],
    ids=["ends", "says-nothing", "never-ends-a-line", "dribbles"],
)
def test_one_that_never_answers_is_never_waited_for_long(script: str) -> None:
    with asked(script, patience_s=0.4, restart_s=0.01) as mute:
        for question in (b"one", b"two"):
            mute.companion.ask(question)
            assert not mute.companion.is_free
            wait_until(lambda: mute.companion.is_free, what="it is given up")

        assert not mute.has_answers


def test_a_program_that_is_not_there_is_asked_for_again_and_again() -> None:
    answers: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    companion = Companion("nobody", ["/nowhere/borne"], on_answer=answers.put, restart_s=0.01, restart_limit_s=0.01)
    companion.start()
    for _ in range(3):
        companion.ask(b"anybody?")
        wait_until(lambda: companion.is_free, what="it is given up")
    companion.stop()
    assert answers.empty()


def test_the_pause_grows_up_to_its_limit_and_is_short_again_after_an_answer(
    caplog: pytest.LogCaptureFixture,
) -> None:
    dies_at_every_second = ECHO.replace("input(), flush", "{'die': exit}.get(q := input(), lambda: q)(), flush")
    with asked(dies_at_every_second, restart_s=0.01, restart_limit_s=0.03) as echo:
        for question in ("die", "die", "die", "live", "die"):
            echo.companion.ask(question.encode())
            wait_until(lambda: echo.companion.is_free, what="it is done with")

    pauses = [record.args[-1] for record in caplog.records if isinstance(record.args, tuple)]
    assert pauses == [0.01, 0.02, 0.03, 0.01]


def test_asking_one_that_hangs_takes_no_time_and_only_the_newest_question_waits() -> None:
    with asked(ECHO, patience_s=60.0) as echo:
        pid = int(echo.ask("one")[0])
        os.kill(pid, signal.SIGSTOP)
        large = b"x" * 1_000_000
        for _ in range(50):
            echo.companion.ask(large)
        echo.companion.ask(b"newest")

        os.kill(pid, signal.SIGCONT)

        heard = echo.hear()
        while heard[1] != "newest":
            heard = echo.hear()
        assert echo.companion.is_free


def _tells_its_pid() -> str:
    return (
        "import sys, time\n"
        "from firmware.controller.companion import Companion\n"
        f"echo = Companion('echo', [sys.executable, '-c', {ECHO!r}],\n"
        "    on_answer=lambda line: print(line.decode(), end='', flush=True))\n"
        "echo.start()\n"
        "echo.ask(b'one')\n"
        "time.sleep(60)\n"
    )


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_it_ends_with_the_process_that_asks_however_that_ends(
    number: signal.Signals, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(sys.path))
    with subprocess.Popen([sys.executable, "-c", _tells_its_pid()], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout
        pid = parent.stdout.readline().split()[0]
        assert is_alive(pid)

        parent.send_signal(number)

        parent.wait(10)
    wait_until(lambda: not is_alive(pid), what="it has ended too")


def test_stopping_takes_no_time_while_one_hangs() -> None:
    with asked("import time; time.sleep(60)") as mute:
        mute.companion.ask(b"anybody?")
        stopped: Callable[[], None] = mute.companion.stop
        stopped()
        assert not mute.companion._thread.is_alive()
