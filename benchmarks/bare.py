"""The least that a press can cost, as a process: take a message, commit, pass it on. Same client library, brokers,
certificates, QoS, sizes and durability as the product, and nothing else.

`controller` hears a question, commits, sends a screen to its own broker and an entry to the central one; `agent` hears
the entry, commits, and says the monotonic second.
"""

from __future__ import annotations

import argparse
import socket
import sqlite3
import sys
import time
from collections.abc import Callable
from pathlib import Path

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

from benchmarks.centre import SITE
from borne.demo.ports import HOST
from core.room.ids import SiteId
from core.wire.topics import SiteTopics

__all__ = ["ASKER", "SIZES", "client", "main", "subscribe"]

ASKER = f"{SITE}-room-1"
SIZES = {"ask": 110, "entry": 150, "screen": 2000, "log": 230}
"""Bytes of a question, of a journal's entry, of a screen with forty who wait, of an entry on its way."""
_TOPICS = SiteTopics(SiteId(SITE))


def client(folder: Path, name: str, port: int, *, ca: str = "ca") -> mqtt.Client:
    """Connected, with its thread running."""
    made = mqtt.Client(CallbackAPIVersion.VERSION2, protocol=mqtt.MQTTv5)
    made.tls_set(str(folder / f"{ca}.crt"), str(folder / f"{name}.crt"), str(folder / f"{name}.key"))
    made.on_socket_open = _send_at_once
    made.connect(HOST, port)
    made.loop_start()
    return made


def subscribe(subscriber: mqtt.Client, topic: str, on_granted: Callable[[], object]) -> None:
    def granted(*_: object) -> None:
        on_granted()

    subscriber.on_subscribe = granted
    subscriber.subscribe(topic, 1)


def _say_ready() -> None:
    print("ready", flush=True)


def _store(path: Path) -> sqlite3.Connection:
    """A journal's table, as durable as the product's."""
    db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("PRAGMA synchronous=FULL")
    db.execute("CREATE TABLE IF NOT EXISTS entry (seq INTEGER PRIMARY KEY, body BLOB NOT NULL)")
    return db


def _send_at_once(_client: mqtt.Client, _data: object, sock: object) -> None:
    assert isinstance(sock, socket.socket)
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def _be_controller(folder: Path, site_port: int, central_port: int) -> None:
    db, entry = _store(folder / "bare.db"), b"x" * SIZES["entry"]
    screen, log = b"x" * SIZES["screen"], b"x" * SIZES["log"]
    up = client(folder, "uplink", central_port, ca="uplink-ca")
    lan = client(folder, "device", site_port)

    def asked(*_: object) -> None:
        db.execute("INSERT INTO entry (body) VALUES (?)", (entry,))
        lan.publish(_TOPICS.screen, screen, qos=1, retain=True)
        up.publish(_TOPICS.up("log"), log)

    lan.on_message = asked
    subscribe(lan, _TOPICS.dev(ASKER, "ask"), _say_ready)


def _be_agent(folder: Path, central_port: int) -> None:
    db, entry = _store(folder / "bare.db"), b"x" * SIZES["entry"]

    def told(*_: object) -> None:
        db.execute("INSERT INTO entry (body) VALUES (?)", (entry,))
        print(time.monotonic(), flush=True)

    central = client(folder, "agent", central_port)
    central.on_message = told
    subscribe(central, _TOPICS.up("log"), _say_ready)


def main() -> None:
    """Pass on until standard input ends."""
    parser = argparse.ArgumentParser(prog="benchmarks.bare", description=__doc__)
    parser.add_argument("role", choices=["controller", "agent"])
    parser.add_argument("folder", type=Path)
    parser.add_argument("central_port", type=int)
    parser.add_argument("site_port", type=int, nargs="?", help="the controller's own broker")
    args = parser.parse_args()
    if args.role == "controller":
        _be_controller(args.folder, args.site_port, args.central_port)
    else:
        _be_agent(args.folder, args.central_port)
    sys.stdin.read()


if __name__ == "__main__":
    main()
