"""A printer that speaks ESC/POS and behaves badly when told to.

It keeps the rules of the machine: real-time commands are heard at once, whatever the state; the rest waits in a buffer
and is worked through in order, but not without paper or under an open cover; what waits is printed later, unless it was
cleared. Slips are interpreted by the workbench's own decoder.
"""

import contextlib
import os
import re
import select
import socket
import threading
import tty
from collections.abc import Callable
from pathlib import Path

from PIL import Image

from borne.demo.paper import CutShort, print_out

_REAL_TIME = re.compile(rb"\x10\x04([\x01-\x04])|\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08")
_PROCESSED = b"\x1dr\x01"


class EscposMachine:
    """Reads from and writes to a file descriptor on a thread of its own, until it is closed."""

    def __init__(self, width_dots: int = 576) -> None:
        self.paper = "ok"
        self.cover_open = False
        self.cutter_ok = True
        self.is_mute = False
        self.is_stuck = False
        """Takes no more bytes."""
        self.unasked = b""
        """What it says before each answer."""
        self.asked = 0
        self.answers_at_once = 4
        self.roll = b""
        """All that has been printed on it."""
        self._width_dots = width_dots
        self._buffer = b""
        self._untaken = b""
        self._strike: tuple[int, Callable[[], None]] | None = None
        self._is_reset = False

    @property
    def slips(self) -> list[Image.Image]:
        """What has come out; the last may still hang from the roll."""
        return print_out(self.roll, width_dots=self._width_dots)

    def after(self, taken: int, act: Callable[[], None]) -> None:
        """Let something happen when so many more bytes have been taken."""
        self._strike = (taken, act)

    def reset(self) -> None:
        """Lose the power, and with it all that waits, and be back at once."""
        self._is_reset = True

    def serve(self, fd: int, stop: threading.Event) -> None:
        """Until the other end closes, the power is lost or `stop` is set."""
        try:
            while not (stop.is_set() or self._is_reset):
                if self._untaken and not self.is_stuck:
                    self._take(fd, self._untaken)
                if self.is_stuck or not select.select([fd], [], [], 0.02)[0]:
                    self._work(fd, is_idle=not self.is_stuck)
                    stop.wait(0.005)
                    continue
                received = os.read(fd, 65_536)
                if not received:
                    return
                self._take(fd, received)
        except OSError:  # the line broke
            return
        finally:
            if self._is_reset:
                self._buffer, self._untaken, self._is_reset = b"", b"", False

    def _take(self, fd: int, received: bytes) -> None:
        """Hear what has come, up to where something is to happen, and after it the rest."""
        self._untaken = b""
        if self._strike:
            left, act = self._strike
            self._strike = None if len(received) > left else (left - len(received), act)
            self._hear(fd, received[:left])
            if self._strike:
                return
            received = received[left:]
            act()
        if self.is_stuck:
            self._untaken = received
        else:
            self._hear(fd, received)

    def _hear(self, fd: int, received: bytes) -> None:
        answered = at = 0
        for command in _REAL_TIME.finditer(received):
            self._buffer += received[at : command.start()]
            at = command.end()
            if command[1] is None:
                self._buffer = b""
                self._say(fd, b"\x37\x25\x00")
            else:
                self.asked += 1
                answered += 1
                if answered <= self.answers_at_once:
                    self._say(fd, bytes([self._status(command[1][0])]))
        self._buffer += received[at:]
        self._work(fd, is_idle=False)

    def _work(self, fd: int, *, is_idle: bool) -> None:
        """Print what waits: up to a question, or all when nothing more comes."""
        if self.paper == "out" or self.cover_open or not self.cutter_ok or self._is_reset:
            return
        while _PROCESSED in self._buffer:
            job, _, self._buffer = self._buffer.partition(_PROCESSED)
            self.roll += job
            self._say(fd, b"\x00")
        if is_idle and self._buffer:
            with contextlib.suppress(CutShort):  # it waits for the rest
                print_out(self._buffer, width_dots=self._width_dots)
                self.roll, self._buffer = self.roll + self._buffer, b""

    def _say(self, fd: int, answer: bytes) -> None:
        if not self.is_mute:
            os.write(fd, self.unasked + answer)

    def _status(self, kind: int) -> int:
        is_out = self.paper == "out"
        offline = is_out or self.cover_open or not self.cutter_ok
        return (
            0b0001_0010
            | {
                1: 0x08 * offline,
                2: 0x04 * self.cover_open | 0x20 * is_out | 0x40 * (not self.cutter_ok),
                3: 0x08 * (not self.cutter_ok),
                4: 0x60 * is_out | 0x0C * (self.paper == "low"),
            }[kind]
        )


class NetworkPrinter(EscposMachine):
    """The machine behind a raw TCP port."""

    def __init__(self, width_dots: int = 576) -> None:
        super().__init__(width_dots)
        self._address = ("127.0.0.1", 0)
        self._connection: socket.socket | None = None
        self.plug_in()

    @property
    def port(self) -> int:
        return self._address[1]

    def plug_in(self) -> None:
        self._stop = threading.Event()
        self._listener = socket.create_server(self._address)
        self._address = self._listener.getsockname()
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def unplug(self) -> None:
        self._stop.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._thread.join(5)
        self._listener.close()
        self._buffer = b""

    def hang_up(self) -> None:
        """Close the connection as printers do when nobody has talked for a while."""
        if self._connection:
            self._connection.shutdown(socket.SHUT_RDWR)

    def _listen(self) -> None:
        while not self._stop.is_set():
            try:
                self._connection, _ = self._listener.accept()
            except OSError:  # unplugged
                return
            with self._connection:
                self.serve(self._connection.fileno(), self._stop)


class PseudoUsbPrinter(EscposMachine):
    """The machine behind a device file: a pseudo-terminal stands for usblp, with the same read, write and poll."""

    def __init__(self, path: Path, width_dots: int = 576) -> None:
        super().__init__(width_dots)
        self._path = path
        self.plug_in()

    def plug_in(self) -> None:
        self._stop = threading.Event()
        ends = self._open()
        self._thread = threading.Thread(target=self._run, args=ends, daemon=True)
        self._thread.start()

    def unplug(self) -> None:
        self._stop.set()
        self._thread.join(5)
        self._buffer = b""

    def _open(self) -> tuple[int, int]:
        end, other_end = os.openpty()
        tty.setraw(other_end)
        self._path.symlink_to(os.ttyname(other_end))
        return end, other_end

    def _run(self, end: int, other_end: int) -> None:
        while True:
            self.serve(end, self._stop)
            self._path.unlink()
            os.close(end)
            os.close(other_end)
            if self._stop.is_set():
                return
            end, other_end = self._open()
