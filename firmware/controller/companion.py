"""A process beside this one that is asked one thing at a time, a line there and a line back.

Rule: whoever asks never waits. A thread does all that can take time, within limits: a companion that does not answer
is killed, one that has died is started again after a pause that grows, and what it was asked is not asked again,
because by then something newer is. It ends with this process, however that ends: its input does.
"""

from __future__ import annotations

import contextlib
import logging
import os
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence

__all__ = ["Companion"]

_log = logging.getLogger(__name__)

_LONGEST_LINE = 1 << 20
_FOR_THE_KILLED_S = 2.0


class _Silent(Exception):
    """It answered with its end, or with more than a line can hold."""


class Companion:
    """Started with the first question. `ask` and `is_free` are safe between threads."""

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        *,
        on_answer: Callable[[bytes], None],
        environment: Mapping[str, str] | None = None,
        patience_s: float = 30.0,
        restart_s: float = 1.0,
        restart_limit_s: float = 60.0,
    ) -> None:
        """
        Args:
            on_answer: takes a line that came back; called from the companion's thread.
            environment: added to this process's own.
            patience_s: for an answer; a process that starts on a loaded machine needs some.
            restart_s: the pause after a failure, doubled with each further one up to `restart_limit_s`.
        """
        self._name = name
        self._command = command
        self._on_answer = on_answer
        self._environment = {**os.environ, **(environment or {})}
        self._patience_s = patience_s
        self._restart_s, self._restart_limit_s = restart_s, restart_limit_s
        self._changed = threading.Condition()
        self._question: bytes | None = None
        self._is_busy = False
        self._is_stopping = False
        self._process: subprocess.Popen[bytes] | None = None
        self._end: socket.socket | None = None
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    @property
    def is_free(self) -> bool:
        """Whether it would turn to a question at once."""
        with self._changed:
            return not self._is_busy

    def ask(self, question: bytes) -> None:
        """Have a line answered; of several that wait, the newest.

        Args:
            question: without the end of its line.
        """
        with self._changed:
            self._question, self._is_busy = question, True
            self._changed.notify()

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        with self._changed:
            self._is_stopping = True
            self._changed.notify()
            if self._end is not None:
                with contextlib.suppress(OSError):
                    self._end.shutdown(socket.SHUT_RDWR)  # wakes the thread out of its wait for an answer
        self._thread.join(_FOR_THE_KILLED_S + 1)

    def _run(self) -> None:
        pause_s = self._restart_s
        while (question := self._next()) is not None:
            try:
                answer = self._answer_to(question)
            except (OSError, _Silent) as fault:
                self._bury()
                if not self._rests(pause_s, fault):
                    break
                pause_s = min(2 * pause_s, self._restart_limit_s)
            else:
                pause_s = self._restart_s
                self._on_answer(answer)
            with self._changed:
                self._is_busy = self._question is not None
        self._bury()

    def _next(self) -> bytes | None:
        """The question that waits, as soon as one does; None when told to stop."""
        with self._changed:
            self._changed.wait_for(lambda: self._question is not None or self._is_stopping)
            question, self._question = self._question, None
            return None if self._is_stopping else question

    def _rests(self, pause_s: float, fault: Exception) -> bool:
        """Let a pause pass, in which nothing is asked; False when told to stop."""
        with self._changed:
            if not self._is_stopping:
                _log.warning("the %s: %s; started again in %.0f s", self._name, fault, pause_s)
            self._changed.wait_for(lambda: self._is_stopping, pause_s)
            self._question = None
            return not self._is_stopping

    def _answer_to(self, question: bytes) -> bytes:
        """
        Raises:
            OSError: it cannot be started, or is not heard within the limit.
            _Silent: it has ended, or says too much.
        """
        end = self._end or self._begin()
        end.settimeout(self._patience_s)
        end.sendall(question + b"\n")
        return self._line(end)

    def _line(self, end: socket.socket) -> bytes:
        deadline_s = time.monotonic() + self._patience_s
        line = bytearray()
        while not line.endswith(b"\n"):
            end.settimeout(max(0.001, deadline_s - time.monotonic()))
            piece = end.recv(1 << 16)
            line += piece
            if not piece:
                raise _Silent("it has ended")
            if len(line) > _LONGEST_LINE:
                raise _Silent("it says more than an answer")
        return bytes(line)

    def _begin(self) -> socket.socket:
        ours, theirs = socket.socketpair()
        with theirs:
            try:
                self._process = subprocess.Popen(
                    self._command, stdin=theirs.fileno(), stdout=theirs.fileno(), env=self._environment
                )
            except OSError:
                ours.close()
                raise
        with self._changed:
            self._end = ours
        return ours

    def _bury(self) -> None:
        with self._changed:
            end, self._end = self._end, None
        if end is not None:
            end.close()
        if self._process is not None:
            self._process.kill()  # a stopped one, too: SIGKILL waits for no SIGCONT (signal(7))
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(_FOR_THE_KILLED_S)
            self._process = None
