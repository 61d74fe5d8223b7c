"""Processes kept running as systemd keeps a centre's: one that dies is started again, all are stopped in reverse order.

Rule: nothing survives. The kernel kills every child when this process dies, however it dies (prctl(2),
PR_SET_PDEATHSIG). It takes the *thread* that made the child for the parent, so one thread, which lives as long as the
supervisor, makes them all.
"""

from __future__ import annotations

import contextlib
import logging
import os
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

__all__ = ["Child", "NotStarted", "Supervisor"]

_log = logging.getLogger(__name__)

_LOOK_S = 0.05
_READY_S = 15.0
_STEADY_S = 10.0
"""A child that has run this long is no longer starting: the next restart waits the shortest time again."""
_FOR_THE_KILLED_S = 2.0


class NotStarted(Exception):
    """A child could not be started, or was not ready in time; the message names its log."""


@dataclass(frozen=True, kw_only=True)
class Child:
    """A process to keep running."""

    name: str
    """Also the name of its log file."""
    command: Sequence[str | Path]
    folder: Path
    """Working directory."""
    environment: Mapping[str, str] = field(default_factory=dict)
    """Added to this process's own."""
    is_ready: Callable[[], bool] | None = None
    """Asked before the next child is started."""


class _Keeper:
    """One child's lives. Used from the supervisor's thread; `pid` and `restarts` are read from any."""

    def __init__(self, child: Child, log: Path, restart_s: float, restart_limit_s: float) -> None:
        self.child = child
        self.log = log
        self.restarts = 0
        self.pid: int | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._restart_s = restart_s
        self._limit_s = restart_limit_s
        self._wait_s = restart_s
        self._started_s = 0.0
        self._due_s = 0.0

    def start(self) -> None:
        """
        Raises:
            NotStarted: there is no such program or folder.
        """
        environment = {**os.environ, **self.child.environment}
        environment.pop("NOTIFY_SOCKET", None)
        try:
            with self.log.open("ab") as log:
                self._process = subprocess.Popen(
                    [*_leash(), *self.child.command],
                    cwd=self.child.folder,
                    env=environment,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    process_group=0,
                )
        except OSError as error:
            raise NotStarted(f"{self.child.name} cannot be started: {error.filename}: {error.strerror}") from error
        self.pid = self._process.pid
        self._started_s = time.monotonic()

    def look(self) -> None:
        """Start the child again if it has died and its waiting time is over."""
        if self._process is not None and self._has_ended():
            self._bury(self._process)
            ran_s = time.monotonic() - self._started_s
            self._wait_s = self._restart_s if ran_s >= _STEADY_S else min(2 * self._wait_s, self._limit_s)
            self._due_s = time.monotonic() + self._wait_s
            _log.warning(
                "%s ended with %s; it is started again in %.1f s (see %s)",
                self.child.name,
                _cause(self._process.returncode),
                self._wait_s,
                self.log,
            )
            self._process = self.pid = None
        if self._process is None and time.monotonic() >= self._due_s:
            self.start()
            self.restarts += 1

    def wait_until_ready(self, stopping: threading.Event) -> None:
        """
        Raises:
            NotStarted: it ended instead, or took too long.
        """
        deadline_s = time.monotonic() + _READY_S
        while self.child.is_ready is not None and not self.child.is_ready():
            if self._process is None or self._has_ended() or time.monotonic() > deadline_s:
                raise NotStarted(f"{self.child.name} did not come up; {self.log} says why")
            if stopping.wait(_LOOK_S):
                return

    def stop(self, deadline_s: float) -> None:
        """End the child as a service manager does: asked first, killed at the deadline, its whole group in the end."""
        if self._process is None:
            return
        # Not by Popen.send_signal, which would reap a child that has just died; an unreaped one keeps its number.
        for number in (signal.SIGTERM, signal.SIGCONT):
            os.kill(self._process.pid, number)
        while not self._has_ended() and time.monotonic() < deadline_s:
            time.sleep(_LOOK_S / 5)
        self._bury(self._process)
        self._process = self.pid = None

    def _has_ended(self) -> bool:
        """Seen without reaping, so that the group's number cannot be given to another one before `_bury`."""
        if self._process is None:
            return True
        return os.waitid(os.P_PID, self._process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None

    def _bury(self, process: subprocess.Popen[bytes]) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(_FOR_THE_KILLED_S)


class Supervisor:
    """Starts its children in order on entering `with`, and leaves none behind."""

    def __init__(
        self, children: Sequence[Child], logs: Path, *, restart_s: float = 0.5, restart_limit_s: float = 15.0
    ) -> None:
        """
        Args:
            logs: folder for one file per child, with all that it writes.
            restart_s: the pause before a restart, doubled while a child dies at once, up to `restart_limit_s`.
        """
        logs.mkdir(parents=True, exist_ok=True)
        self._keepers = {
            child.name: _Keeper(child, logs / f"{child.name}.log", restart_s, restart_limit_s) for child in children
        }
        self._stopping = threading.Event()
        self._started = threading.Event()
        self._fault: NotStarted | None = None
        self._stop_s = 10.0
        self._thread = threading.Thread(target=self._run, name="supervisor", daemon=True)

    @property
    def restarts(self) -> dict[str, int]:
        """How often each child had to be started again."""
        return {name: keeper.restarts for name, keeper in self._keepers.items()}

    def pid(self, name: str) -> int | None:
        """The process that a child is now; None while it is dead."""
        return self._keepers[name].pid

    def start(self) -> None:
        """Start all, each after the one before it is ready.

        Raises:
            NotStarted: one could not be; those started before it are stopped again.
        """
        self._thread.start()
        self._started.wait()
        if self._fault is not None:
            self._thread.join()
            raise self._fault

    def stop(self, timeout_s: float = 10.0) -> None:
        """End all in reverse order; whoever has not ended in time is killed."""
        self._stop_s = timeout_s
        self._stopping.set()
        self._thread.join()

    def __enter__(self) -> Supervisor:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()

    def _run(self) -> None:
        keepers = list(self._keepers.values())
        try:
            for keeper in keepers:
                keeper.start()
                keeper.wait_until_ready(self._stopping)
            self._started.set()
            while not self._stopping.wait(_LOOK_S):
                for keeper in keepers:
                    keeper.look()
        except NotStarted as fault:
            _log.error("%s", fault)
            self._fault = fault
        finally:
            deadline_s = time.monotonic() + self._stop_s
            for keeper in reversed(keepers):
                keeper.stop(deadline_s)
            self._started.set()


def _cause(returncode: int | None) -> str:
    """How a process ended: an exit code, or the signal that killed it."""
    return signal.Signals(-returncode).name if returncode is not None and returncode < 0 else f"code {returncode}"


def _leash() -> list[str]:
    """What stands before a command so that it dies with us: util-linux's setpriv asks the kernel for the signal.

    The shell then looks whether we have died before that, and becomes the child. Python's own `preexec_fn` can deadlock
    in a process with threads (subprocess, documentation).
    """
    setpriv = shutil.which("setpriv", path=f"{os.environ.get('PATH', '')}:/usr/bin:/sbin:/usr/sbin")
    if setpriv is None:
        raise NotStarted("setpriv is missing: install util-linux with this system's package manager")
    return [setpriv, "--pdeathsig", "KILL", "--", "sh", "-c", '[ "$PPID" = "$0" ] && exec "$@"', str(os.getpid())]
