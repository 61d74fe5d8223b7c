"""A real mosquitto under test, started from a folder that provisioning made."""

from __future__ import annotations

import re
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from borne.demo.ports import is_listening

__all__ = ["Mosquitto", "wait_until"]

_DEADLINE_S = 10.0


def wait_until(condition: Callable[[], bool], *, what: str, deadline_s: float = _DEADLINE_S) -> None:
    """Poll until the condition holds.

    Raises:
        TimeoutError: it did not within the deadline.
    """
    end = time.monotonic() + deadline_s
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError(f"not within {deadline_s:g} s: {what}")
        time.sleep(0.005)


class Mosquitto:
    """One broker process; its folder holds `mosquitto.conf` and what that names. Started on entering `with`."""

    def __init__(self, binary: Path, folder: Path) -> None:
        self._binary = binary
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def port(self) -> int:
        listener = re.search(r"^listener (\d+)", (self._folder / "mosquitto.conf").read_text(), flags=re.MULTILINE)
        assert listener, "mosquitto.conf has no listener"
        return int(listener.group(1))

    @property
    def log(self) -> str:
        """All that the broker has written since it was first started."""
        return (self._folder / "mosquitto.log").read_text()

    def start(self) -> None:
        """Start the broker and wait until it listens.

        Raises:
            RuntimeError: it ended instead; the message holds its log.
            TimeoutError: it does neither.
        """
        with (self._folder / "mosquitto.log").open("ab") as log:
            self._process = subprocess.Popen(
                [self._binary, "-c", "mosquitto.conf"], cwd=self._folder, stdin=subprocess.DEVNULL, stderr=log
            )
        wait_until(self._has_started, what="mosquitto listens")

    def stop(self) -> None:
        """End the broker as a service manager does."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """End the broker as a power cut does: it says goodbye to nobody."""
        self._end(signal.SIGKILL)

    def restart(self) -> None:
        """Kill the broker if it runs, and start it on the same port."""
        self.kill()
        self.start()

    def pause(self) -> None:
        """Hold every connection and answer nobody, as a machine that is too busy."""
        assert self._process, "the broker is not running"
        self._process.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        assert self._process, "the broker is not running"
        self._process.send_signal(signal.SIGCONT)

    def reload(self) -> None:
        """Have the access list read anew; connections stay. The broker does it between two packets, so poll for it."""
        assert self._process, "the broker is not running"
        self._process.send_signal(signal.SIGHUP)

    def __enter__(self) -> Mosquitto:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.kill()

    def _end(self, number: signal.Signals) -> None:
        if self._process:
            self._process.send_signal(number)
            self._process.wait(timeout=_DEADLINE_S)
            self._process = None

    def _has_started(self) -> bool:
        assert self._process
        if self._process.poll() is not None:
            raise RuntimeError(f"mosquitto ended with {self._process.returncode}:\n{self.log}")
        return is_listening(self.port)
