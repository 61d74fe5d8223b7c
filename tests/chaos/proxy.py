"""The wires between processes and brokers, each of which can be cut: a TCP proxy with a port of its own per wire.

A silent cut lets bytes wait, as a network does whose packets are lost and sent again: they arrive late, or never if an
end gives up before. A loud one resets what is connected and whoever connects.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
import threading
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Literal

__all__ = ["CUTS", "Cut", "Proxy"]

Cut = Literal["silent", "loud", "deaf", "mute"]
"""`deaf`: nothing comes from the broker; `mute`: nothing goes to it."""
CUTS: tuple[Cut, ...] = ("silent", "loud", "deaf", "mute")

_HOST = "127.0.0.1"
_CHUNK = 65_536
_ANSWER_S = 5.0
_RESET = struct.pack("ii", 1, 0)
"""SO_LINGER with no time to linger: closing sends RST (socket(7))."""


class _Wire:
    """One listening port and what is connected through it. Used on the proxy's loop."""

    def __init__(self, broker_port: int) -> None:
        self._broker_port = broker_port
        self._is_loud = False
        self._up, self._down = asyncio.Event(), asyncio.Event()
        self._writers: set[asyncio.StreamWriter] = set()
        self.heal()

    def cut(self, how: Cut) -> None:
        self.heal()
        match how:
            case "loud":
                self._is_loud = True
                for writer in list(self._writers):
                    _reset(writer)
            case "silent":
                self._up.clear()
                self._down.clear()
            case "deaf":
                self._down.clear()
            case "mute":
                self._up.clear()

    def heal(self) -> None:
        self._is_loud = False
        self._up.set()
        self._down.set()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        try:
            if self._is_loud:
                return
            broker_reader, broker_writer = await asyncio.open_connection(_HOST, self._broker_port)
            self._writers.add(broker_writer)
            try:
                pumps = [
                    asyncio.create_task(_pump(reader, broker_writer, self._up)),
                    asyncio.create_task(_pump(broker_reader, writer, self._down)),
                ]
                await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
                for pump in pumps:
                    pump.cancel()
            finally:
                self._writers.discard(broker_writer)
                _reset(broker_writer)
        except OSError:
            pass  # the broker is not there: whoever asked sees the reset
        finally:
            self._writers.discard(writer)
            _reset(writer)


class Proxy:
    """Its loop runs on a thread of its own, from entering `with` until leaving it."""

    def __init__(self, brokers: Mapping[str, int]) -> None:
        """
        Args:
            brokers: for each wire the port that it leads to.
        """
        self._brokers = brokers
        self._wires: dict[str, _Wire] = {}
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="proxy", daemon=True)
        self._sockets = {name: socket.create_server((_HOST, 0)) for name in brokers}
        self.ports: dict[str, int] = {name: one.getsockname()[1] for name, one in self._sockets.items()}
        """Where each wire begins."""

    def cut(self, wire: str, how: Cut) -> None:
        """Nothing passes any more when this returns."""
        self._do(lambda: self._wires[wire].cut(how))

    def heal(self, wire: str) -> None:
        self._do(lambda: self._wires[wire].heal())

    def __enter__(self) -> Proxy:
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result(_ANSWER_S)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(_ANSWER_S)

    def _do(self, act: Callable[[], None]) -> None:
        async def done() -> None:
            act()

        asyncio.run_coroutine_threadsafe(done(), self._loop).result(_ANSWER_S)

    async def _listen(self) -> None:
        for name, listener in self._sockets.items():
            self._wires[name] = _Wire(self._brokers[name])
            await asyncio.start_server(self._wires[name].serve, sock=listener)

    def _run(self) -> None:
        self._loop.run_forever()
        self._loop.run_until_complete(self._hang_up())
        for listener in self._sockets.values():
            listener.close()
        self._loop.close()

    async def _hang_up(self) -> None:
        left = asyncio.all_tasks() - {asyncio.current_task()}
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
        await asyncio.sleep(0)  # a transport that was told to abort closes its socket in the loop's next round


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, is_open: asyncio.Event) -> None:
    """Carry bytes one way while the wire is whole."""
    with contextlib.suppress(OSError):
        while True:
            await is_open.wait()
            chunk = await reader.read(_CHUNK)
            await is_open.wait()
            if not chunk:
                return
            writer.write(chunk)
            await writer.drain()


def _reset(writer: asyncio.StreamWriter) -> None:
    connection = writer.get_extra_info("socket")
    if connection is not None and connection.fileno() >= 0:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
    writer.transport.abort()
