"""A device gone wild: messages as fast as told, from a process of its own, so that nobody else's time is taken for it.

Written on the socket, because a well-behaved client library is slower than the flood that is wanted.
"""

from __future__ import annotations

import argparse
import socket
import ssl
import sys
import time
from pathlib import Path

_STEP_S = 0.01


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path, help="of the device whose certificate is used")
    parser.add_argument("port", type=int)
    parser.add_argument("topic")
    parser.add_argument("payload", help="%%d in it is replaced by a count")
    parser.add_argument("--a-second", type=int, default=10_000)
    parser.add_argument("--for-s", type=float, default=3.0)
    args = parser.parse_args(arguments)
    context = ssl.create_default_context(cafile=args.folder / "ca.crt")
    context.load_cert_chain(args.folder / "device.crt", args.folder / "device.key")
    with (
        socket.create_connection(("127.0.0.1", args.port), timeout=10) as plain,
        context.wrap_socket(plain, server_hostname="127.0.0.1") as broker,
    ):
        # CONNECT: protocol 5, clean start, keep alive 60 s, no properties, no client id (MQTT 5, 3.1).
        broker.sendall(_packet(0x10, _text("MQTT") + b"\x05\x02\x00\x3c\x00" + _text("")))
        broker.recv(1024)
        print("connected", flush=True)
        sent, began_s = 0, time.monotonic()
        while (now_s := time.monotonic() - began_s) < args.for_s:
            due = int((now_s + _STEP_S) * args.a_second)
            broker.sendall(b"".join(_publish(args.topic, args.payload.replace("%d", str(n))) for n in range(sent, due)))
            sent = due
            time.sleep(_STEP_S)
    print(sent, flush=True)
    return 0


def _publish(topic: str, payload: str) -> bytes:
    """PUBLISH at QoS 0 without properties (MQTT 5, 3.3)."""
    return _packet(0x30, _text(topic) + b"\x00" + payload.encode())


def _text(text: str) -> bytes:
    return len(text).to_bytes(2, "big") + text.encode()


def _packet(head: int, body: bytes) -> bytes:
    """A packet; its length in groups of seven bits, the lowest first (MQTT 5, 1.5.5)."""
    length, rest = bytearray(), len(body)
    while rest > 127:
        length.append(rest & 127 | 128)
        rest >>= 7
    return bytes([head, *length, rest]) + body


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
