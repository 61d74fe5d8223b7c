"""Ports of this machine that nobody uses."""

from __future__ import annotations

import random
import socket
from contextlib import ExitStack, suppress

__all__ = ["HOST", "free_port", "free_ports", "is_listening"]

HOST = "127.0.0.1"

_RANGE = range(20_000, 32_000)
"""Below Linux's ephemeral range (32768 and up): a client that keeps trying a dead broker's port from that range would
in time be given that very port as its own, connect to itself, and keep the broker from coming back."""


def free_ports(count: int) -> list[int]:
    """So many different ports, all free at one moment."""
    ports: list[int] = []
    with ExitStack() as held:
        while len(ports) < count:
            probe = held.enter_context(socket.socket())
            with suppress(OSError):
                port = random.choice(_RANGE)  # noqa: S311 - guards nothing
                probe.bind((HOST, port))
                ports.append(port)
    return ports


def free_port() -> int:
    (port,) = free_ports(1)
    return port


def is_listening(port: int) -> bool:
    try:
        socket.create_connection((HOST, port), timeout=1).close()
    except OSError:
        return False
    return True
