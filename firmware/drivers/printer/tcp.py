"""A network printer on its raw port."""

from __future__ import annotations

import socket
import struct

from firmware.drivers.printer.line import Line

__all__ = ["tcp_line"]

_CONNECT_S = 3.0


def tcp_line(host: str, port: int) -> Line:
    """The line to the printer at an address; most printers listen on port 9100."""

    def connect() -> int:
        connection = socket.create_connection((host, port), timeout=_CONNECT_S)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        # Closing drops what the printer has not taken: the kernel would go on offering it for minutes.
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.settimeout(0.0)
        return connection.detach()

    return Line(f"{host}:{port}", connect, is_stream=True)
