"""Phones that hold a ticket's live page open; as a process, many that do nothing.

The process says `open` once each has its first page.
"""

from __future__ import annotations

import argparse
import contextlib
import queue
import selectors
import socket
import sys
import threading
import time
from pathlib import Path
from typing import Self

from borne.demo.ports import HOST

__all__ = ["Phone", "main", "watch"]

_CONNECT_S = 20.0
_LATE_S = 10.0
_READ_BYTES = 65_536


def watch(port: int, token: str) -> socket.socket:
    """A ticket's live page, with its first event read."""
    phone = socket.create_connection((HOST, port), timeout=_CONNECT_S)
    phone.sendall(f"GET /t/{token}/live?lang=fr HTTP/1.1\r\nHost: {HOST}\r\n\r\n".encode())
    received = b""
    while b"\ndata:" not in received or not received.endswith(b"\n\n\r\n"):
        more = phone.recv(_READ_BYTES)
        if not more:
            raise AssertionError(f"the page did not open: {received!r}")
        received += more
    return phone


class Phone:
    """One that is looked at."""

    def __init__(self, port: int, token: str) -> None:
        self._socket = watch(port, token)
        self._socket.settimeout(None)
        self._shown: queue.SimpleQueue[tuple[float, bytes]] = queue.SimpleQueue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def look_away(self) -> None:
        """Forget what was shown until now."""
        while not self._shown.empty():
            self._shown.get()

    def when(self, words: bytes) -> float:
        """The monotonic second at which a page with these words was there.

        Raises:
            queue.Empty: none came.
        """
        while True:
            at_s, page = self._shown.get(timeout=_LATE_S)
            if words in page:
                return at_s

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)  # ends the reader's wait
        self._reader.join(_LATE_S)
        self._socket.close()

    def _read(self) -> None:
        with contextlib.suppress(OSError):
            while received := self._socket.recv(_READ_BYTES):
                self._shown.put((time.monotonic(), received))


def main() -> None:
    """Hold them until standard input ends."""
    parser = argparse.ArgumentParser(prog="benchmarks.phones", description=__doc__)
    parser.add_argument("port", type=int)
    parser.add_argument("tokens", type=Path, help="a file with a token on each line")
    args = parser.parse_args()
    reading = selectors.DefaultSelector()
    for token in args.tokens.read_text().split():
        reading.register(watch(args.port, token), selectors.EVENT_READ)
    reading.register(sys.stdin, selectors.EVENT_READ)
    print("open", flush=True)
    while True:
        for key, _ in reading.select():
            if key.fileobj is sys.stdin:
                return
            assert isinstance(key.fileobj, socket.socket)
            key.fileobj.recv(_READ_BYTES)


if __name__ == "__main__":
    main()
