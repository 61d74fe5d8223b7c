"""A network printer as a process: answers as Epson's do, and says when the last byte of each job was there."""

from __future__ import annotations

import os
import socket
import time

from firmware.drivers.printer.replies import PROCESSED, QUERIES

__all__ = ["main"]

_WELL = b"\x12"
"""Online, cover closed, paper in, nothing wrong: the same byte in answer to all four questions."""
_DONE = b"\x00"
_ANSWERS = {**dict.fromkeys(QUERIES, _WELL), b"".join(QUERIES): len(QUERIES) * _WELL}
"""By question, and to all four at once."""


def main() -> None:
    """Say the port, then the monotonic seconds of every job's last byte."""
    # A printer has its own processor: this process does not push the kiosk aside when it wakes (sched(7)).
    os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        print(listener.getsockname()[1], flush=True)
        while True:
            line, _ = listener.accept()
            with line:
                _print_jobs(line)


def _print_jobs(line: socket.socket) -> None:
    tail = b""
    while received := line.recv(1 << 20):
        at_s = time.monotonic()
        if received in _ANSWERS:
            line.sendall(_ANSWERS[received])
            continue
        tail = (tail + received)[-len(PROCESSED) :]
        if tail == PROCESSED:
            line.sendall(_DONE)
            print(at_s, flush=True)


if __name__ == "__main__":
    main()
