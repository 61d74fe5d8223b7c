"""The control socket: how a workbench, a test or the chaos harness moves the fakes of a process.

One Unix-domain socket per process. A request is one line of JSON, `{"device": "printer", "do": "paper", "state":
"out"}`; so is the answer, `{"ok": {…}}` or `{"error": "…"}`. Fakes register a handler by the name of their device.

Rule: a request that is not understood changes nothing; real drivers register nothing here.
"""

from __future__ import annotations

import contextlib
import json
import logging
import socket
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from core.edge.errors import ControlError

__all__ = ["ControlClient", "ControlError", "ControlSocket", "Handler"]

log = logging.getLogger(__name__)

Handler = Callable[[Mapping[str, Any]], Mapping[str, Any]]
"""Gets the request (with `do`), returns what to answer; an exception is answered as an error."""

_REQUEST_LIMIT = 65_536  # bytes; the longest request of a fake is a list of edges
_PATH_LIMIT = 107  # bytes; sun_path of unix(7) without its closing zero
_IDLE_S = 60.0


class ControlSocket:
    """Listens from its creation until `close`, on threads of its own.

    Raises:
        ControlError: another process listens there, or the path is no place for a socket.
    """

    def __init__(self, path: Path) -> None:
        if len(bytes(path)) > _PATH_LIMIT:
            raise ControlError(f"{path}: longer than {_PATH_LIMIT} bytes; give a shorter path for the control socket")
        if path.is_socket():
            _remove_if_stale(path)
        self.path = path
        self._handlers: dict[str, Handler] = {}
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            self._listener.bind(bytes(path))
        except OSError as error:
            self._listener.close()
            raise ControlError(f"{path}: no control socket can be made there ({error.strerror})") from error
        self._listener.listen()
        threading.Thread(target=self._accept, name="control", daemon=True).start()

    def register(self, device: str, handler: Handler) -> None:
        """Let `handler` answer for `device`; it is called on a thread of the socket."""
        self._handlers[device] = handler

    def close(self) -> None:
        with contextlib.suppress(OSError):  # not connected: only wakes a thread that waits in accept
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.path.unlink(missing_ok=True)

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:  # closed
                return
            threading.Thread(target=self._serve, args=(connection,), name="control-client", daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        connection.settimeout(_IDLE_S)
        with contextlib.suppress(OSError), connection, connection.makefile("rb") as lines:
            while line := lines.readline(_REQUEST_LIMIT):
                connection.sendall(json.dumps(self._answer(line)).encode() + b"\n")
                if not line.endswith(b"\n"):  # what follows is the rest of an oversized request
                    return

    def _answer(self, line: bytes) -> dict[str, Any]:
        if not line.endswith(b"\n"):
            return {"error": f"a request is one line of at most {_REQUEST_LIMIT} bytes"}
        try:
            request = json.loads(line)
        except ValueError as error:
            return {"error": f"a request is one line of JSON ({error})"}
        if not isinstance(request, dict) or not isinstance(request.get("do"), str):
            return {"error": 'a request is an object with "device" and "do"'}
        handler = self._handlers.get(str(request.get("device")))
        if handler is None:
            known = ", ".join(sorted(self._handlers)) or "none"
            return {"error": f"no fake is called {request.get('device')!r}; here are: {known}"}
        try:
            return {"ok": dict(handler(request))}
        except Exception as error:
            log.warning("control: %s %s failed", request["device"], request["do"], exc_info=True)
            return {"error": f"{type(error).__name__}: {error}"}


def _remove_if_stale(path: Path) -> None:
    """A killed process leaves its socket file behind; a living one answers."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        probe.settimeout(1.0)
        try:
            probe.connect(bytes(path))
        except ConnectionRefusedError:
            path.unlink()
        except OSError as error:
            raise ControlError(f"{path}: cannot be taken over ({error.strerror})") from error
        else:
            raise ControlError(f"{path}: another process listens there; stop it or give another path")


class ControlClient:
    """The other end, one connection per call."""

    def __init__(self, path: Path, *, timeout_s: float = 5.0) -> None:
        self._path = path
        self._timeout_s = timeout_s

    def call(self, device: str, do: str, **values: Any) -> dict[str, Any]:
        """Ask a fake to do something and return its answer.

        Raises:
            ControlError: nothing answers in time, or the fake refuses.
        """
        request = json.dumps({**values, "device": device, "do": do}).encode() + b"\n"
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
            connection.settimeout(self._timeout_s)
            try:
                connection.connect(bytes(self._path))
                connection.sendall(request)
                with connection.makefile("rb") as lines:
                    line = lines.readline()
            except OSError as error:
                raise ControlError(f"{self._path}: {error.strerror or error}; is the device running?") from error
        if not line:
            raise ControlError(f"{self._path}: closed without an answer to {device} {do}")
        answer: dict[str, Any] = json.loads(line)
        if "error" in answer:
            raise ControlError(f"{device} {do}: {answer['error']}")
        return dict(answer["ok"])
