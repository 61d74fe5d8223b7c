"""A network printer as a process: answers as Epson's do, and says when the last byte of each job was there.

With the argument `asked` it says when it has answered a question instead.
"""

from __future__ import annotations

import contextlib
import os
import socket
import sys
import time

from firmware.drivers.printer.replies import PROCESSED, QUERIES

__all__ = ["main"]

_WELL = b"\x12"
"""Online, cover closed, paper in, nothing wrong: the same byte in answer to all four questions."""
_DONE = b"\x00"
_ANSWERS = {b"".join(QUERIES): len(QUERIES) * _WELL, **dict.fromkeys(QUERIES, _WELL), PROCESSED: _DONE}
"""To all four questions at once, to each, and behind a job."""
_LONGEST = max(map(len, _ANSWERS))


def main(*, says_asked: bool) -> None:
    """Say the port, then the monotonic seconds of every job's last byte, or of every answer."""
    # A printer has its own processor: this process does not push the kiosk aside when it wakes (sched(7)).
    os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        print(listener.getsockname()[1], flush=True)
        while True:
            line, _ = listener.accept()
            with line, contextlib.suppress(ConnectionError):  # a kiosk that was ended
                _print_jobs(line, says_asked=says_asked)


def _print_jobs(line: socket.socket, *, says_asked: bool) -> None:
    tail = b""
    while received := line.recv(1 << 20):
        at_s = time.monotonic()
        tail = (tail + received)[-_LONGEST:]
        question = next((one for one in _ANSWERS if tail.endswith(one)), None)
        if question is None:
            continue
        tail = b""
        line.sendall(_ANSWERS[question])
        if says_asked is (question != PROCESSED):
            print(at_s, flush=True)


if __name__ == "__main__":
    main(says_asked="asked" in sys.argv)
