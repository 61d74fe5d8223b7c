"""Each way of cutting a wire, on real sockets."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator

import pytest

from tests.chaos.proxy import Proxy

_SILENCE_S = 0.2
_ANSWER_S = 5.0


@pytest.fixture
def echo() -> Iterator[int]:
    """A port that says everything back, connection after connection."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            with contextlib.suppress(OSError):
                while True:
                    connection, _ = server.accept()
                    threading.Thread(target=answer, args=(connection,), daemon=True).start()

        def answer(connection: socket.socket) -> None:
            with connection, contextlib.suppress(OSError):
                while chunk := connection.recv(100):
                    connection.sendall(chunk)

        threading.Thread(target=serve, daemon=True).start()
        yield server.getsockname()[1]
        server.shutdown(socket.SHUT_RDWR)


@pytest.fixture
def proxy(echo: int) -> Iterator[Proxy]:
    with Proxy({"wire": echo}) as proxy:
        yield proxy


@pytest.fixture
def end(proxy: Proxy) -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", proxy.ports["wire"]), timeout=_ANSWER_S) as end:
        end.sendall(b"hello")
        assert end.recv(100) == b"hello"
        yield end


def hears_nothing(end: socket.socket) -> bool:
    end.settimeout(_SILENCE_S)
    try:
        return not end.recv(100)
    except TimeoutError:
        return True
    finally:
        end.settimeout(_ANSWER_S)


def connect_and_read(end: socket.socket, port: int) -> bytes:
    """A reset comes with the first read at the latest, often before the connection stands."""
    end.connect(("127.0.0.1", port))
    return end.recv(100)


@pytest.mark.parametrize("how", ["silent", "deaf", "mute"])
def test_what_was_sent_into_a_silent_cut_arrives_once_it_has_healed(proxy: Proxy, end: socket.socket, how) -> None:
    proxy.cut("wire", how)
    end.sendall(b"into the dark")
    assert hears_nothing(end)

    proxy.heal("wire")

    assert end.recv(100) == b"into the dark"


def test_a_loud_cut_resets_what_is_connected_and_whoever_connects(proxy: Proxy, end: socket.socket) -> None:
    proxy.cut("wire", "loud")

    with pytest.raises(ConnectionResetError):
        end.recv(100)
    with socket.socket() as other:
        other.settimeout(_ANSWER_S)
        with pytest.raises(ConnectionResetError):
            connect_and_read(other, proxy.ports["wire"])


def test_after_a_loud_cut_a_new_connection_is_whole(proxy: Proxy, end: socket.socket) -> None:
    proxy.cut("wire", "loud")
    proxy.heal("wire")

    with socket.create_connection(("127.0.0.1", proxy.ports["wire"]), timeout=_ANSWER_S) as other:
        other.sendall(b"again")
        assert other.recv(100) == b"again"
