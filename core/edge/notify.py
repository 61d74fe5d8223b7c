"""Telling the service manager that we live: a datagram to `$NOTIFY_SOCKET` (sd_notify(3)).

Rule: the watchdog is fed from the loop that does the work, so that a loop that hangs is a service that is restarted.
"""

from __future__ import annotations

import logging
import os
import socket

__all__ = ["notify", "notify_alive", "notify_ready"]

_log = logging.getLogger(__name__)

_LIMIT_S = 0.2


def notify_ready() -> None:
    notify("READY=1")


def notify_alive() -> None:
    notify("WATCHDOG=1")


def notify(state: str) -> None:
    """Send a state; without a service manager nothing happens, and one that does not listen stops nobody."""
    address = os.environ.get("NOTIFY_SOCKET")
    if not address:
        return
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as end:
        end.settimeout(_LIMIT_S)
        try:
            end.connect("\0" + address[1:] if address.startswith("@") else address)
            end.send(state.encode())
        except OSError as error:
            _log.warning("the service manager was not told %s: %s", state, error)
