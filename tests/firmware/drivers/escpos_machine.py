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

from borne.demo.paper import CutShort, print_out

_REAL_TIME = re.compile(rb"\x10\x04([\x01-\x04])|\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08")
_PROCESSED = b"\x1dr\x01"


class EscposMachine:
    """Reads from and writes to a file descriptor on a thread of its own, until it is closed."""

    def __init__(self, width_dots: int = 576) -> None:
        self.paper = "ok"
        self.paper_ends_after: int | None = None
        self.cover_open = False
        self.cutter_ok = True
        self.is_mute = False
        self.is_stuck = False
        self.unasked = b""
        self.asked = 0
        self.answers_at_once = 4
        self.slips: list[object] = []
        self._width_dots = width_dots
        self._buffer = b""

    def serve(self, fd: int, stop: threading.Event) -> None:
        """Until the other end closes or `stop` is set."""
        try:
            while not stop.is_set():
                if self.is_stuck or not select.select([fd], [], [], 0.02)[0]:
                    self._work(fd, is_idle=not self.is_stuck)
                    stop.wait(0.005)
                    continue
                received = os.read(fd, 65_536)
                if not received:
                    return
                self._hear(fd, received)
        except OSError:  # the line broke
            return

    def _hear(self, fd: int, received: bytes) -> None:
        answered = 0
        for command in _REAL_TIME.finditer(received):
            if command[1] is None:
                self._buffer = b""
                self._say(fd, b"\x37\x25\x00")
            else:
                self.asked += 1
                answered += 1
                if answered <= self.answers_at_once:
                    self._say(fd, bytes([self._status(command[1][0])]))
        self._buffer += _REAL_TIME.sub(b"", received)
        if self.paper_ends_after is not None and len(self._buffer) > self.paper_ends_after:
            self.paper, self.paper_ends_after = "out", None
        self._work(fd, is_idle=False)

    def _work(self, fd: int, *, is_idle: bool) -> None:
        """Print what waits: up to a question, or all when nothing more comes."""
        if self.paper == "out" or self.cover_open or not self.cutter_ok:
            return
        while _PROCESSED in self._buffer:
            job, _, self._buffer = self._buffer.partition(_PROCESSED)
            self.slips += print_out(job, width_dots=self._width_dots)
            self._say(fd, b"\x00")
        if is_idle and self._buffer:
            with contextlib.suppress(CutShort):  # it waits for the rest
                self.slips += print_out(self._buffer, width_dots=self._width_dots)
                self._buffer = b""

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
