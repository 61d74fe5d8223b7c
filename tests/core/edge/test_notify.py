"""What the service manager hears, on a real socket of its kind."""

from __future__ import annotations

import logging
import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.edge.notify import notify, notify_alive, notify_ready


def _manager(address: str) -> socket.socket:
    end = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    end.settimeout(2)
    end.bind(address)
    return end


@pytest.fixture
def manager(tmp_path: Path) -> Iterator[socket.socket]:
    with _manager(str(tmp_path / "notify")) as end:
        os.environ["NOTIFY_SOCKET"] = str(tmp_path / "notify")
        yield end


def test_the_manager_hears_that_we_are_ready_and_that_we_live(manager: socket.socket) -> None:
    notify_ready()
    notify_alive()
    assert [manager.recv(100), manager.recv(100)] == [b"READY=1", b"WATCHDOG=1"]


def test_an_address_in_the_abstract_namespace_is_understood() -> None:
    name = f"borne-test-{os.getpid()}"
    with _manager("\0" + name) as end:
        os.environ["NOTIFY_SOCKET"] = "@" + name
        notify_ready()
        assert end.recv(100) == b"READY=1"


def test_without_a_manager_nothing_happens(caplog: pytest.LogCaptureFixture) -> None:
    os.environ.pop("NOTIFY_SOCKET", None)
    notify_alive()
    assert not caplog.records


def test_a_manager_that_has_gone_or_does_not_listen_stops_nobody(
    manager: socket.socket, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        for _ in range(10_000):
            notify("STATUS=" + "x" * 1000)
            if caplog.records:
                break
        assert "timed out" in caplog.records[0].getMessage()

        Path(os.environ["NOTIFY_SOCKET"]).unlink()
        notify_alive()
        assert "was not told WATCHDOG=1: [Errno 2] No such file" in caplog.records[1].getMessage()
