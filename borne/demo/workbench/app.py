"""The workbench's routes, all under `/bench`; what is not there is the agent's."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from importlib.resources import files
from typing import Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from borne.demo.paper import UnreadableJob
from borne.demo.ports import HOST
from borne.demo.stage import Stage
from borne.demo.workbench.bench import Bench, draw_slip, png
from borne.demo.workbench.proxy import Proxy
from core.room.ids import RoomId
from firmware.drivers.control import ControlError

__all__ = ["make_app"]

_LOOK_S = 0.1
_STATIC = files(__package__) / "static"
_KEEP = {"Cache-Control": "max-age=3600"}
_FRESH = {"Cache-Control": "no-store"}


def make_app(stage: Stage) -> Starlette:
    """The application of a stage."""
    desk = _Desk(stage)
    proxy = Proxy(f"http://{HOST}:{stage.web_port}")

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        yield
        await proxy.close()

    return Starlette(
        routes=[
            Route("/bench", desk.page),
            Route("/bench/live", desk.live),
            Route("/bench/screens/{screen}", desk.screen),
            Route("/bench/slips/{name:int}", desk.slip),
            Route("/bench/screens/{screen}/touch", _guarded(desk.touch), methods=["POST"]),
            Route("/bench/rooms/{room}", _guarded(desk.push), methods=["POST"]),
            Route("/bench/key", _guarded(desk.push_key), methods=["POST"]),
            Route("/bench/printer", _guarded(desk.printer), methods=["POST"]),
            Mount("/bench/static", StaticFiles(directory=str(_STATIC))),
            Route("/{path:path}", proxy.pass_on),
        ],
        lifespan=lifespan,
    )


_Act = Callable[[Request], Awaitable[Response]]


def _guarded(act: _Act) -> _Act:
    """A gesture that a device does not take in is answered as such, not as a fault of the workbench."""

    async def guarded(request: Request) -> Response:
        try:
            return await act(request)
        except ControlError as error:
            return JSONResponse({"error": str(error)}, status_code=503)
        except (KeyError, TypeError, ValueError) as error:
            return JSONResponse({"error": f"not understood: {error}"}, status_code=400)

    return guarded


class _Desk:
    """The handlers; what blocks runs in a thread."""

    def __init__(self, stage: Stage) -> None:
        self._bench = Bench(stage)
        self._rooms, self._screens = stage.rooms, stage.screens

    async def page(self, _request: Request) -> Response:
        return Response((_STATIC / "bench.html").read_text(encoding="utf-8"), media_type="text/html")

    async def live(self, _request: Request) -> Response:
        return StreamingResponse(self._changes(), media_type="text/event-stream", headers=_FRESH)

    async def screen(self, request: Request) -> Response:
        name = request.path_params["screen"]
        if name not in self._screens:
            return Response(status_code=404)
        try:
            return Response(await run_in_threadpool(self._bench.frame, name), media_type="image/png", headers=_FRESH)
        except ControlError as error:
            return JSONResponse({"error": str(error)}, status_code=503)

    async def slip(self, request: Request) -> Response:
        path = self._bench.slip(f"{request.path_params['name']:04}")
        try:
            picture = await run_in_threadpool(draw_slip, path)
        except (FileNotFoundError, UnreadableJob) as error:
            return JSONResponse({"error": str(error)}, status_code=404)
        return Response(png(picture), media_type="image/png", headers=_KEEP)

    async def touch(self, request: Request) -> Response:
        name = request.path_params["screen"]
        if name not in self._screens:
            return Response(status_code=404)
        at = await request.json()
        await run_in_threadpool(self._bench.touch, name, int(at["x"]), int(at["y"]))
        return Response(status_code=204)

    async def push(self, request: Request) -> Response:
        room = RoomId(request.path_params["room"])
        if room not in self._rooms:
            return Response(status_code=404)
        hand = await request.json()
        await run_in_threadpool(self._bench.push, room, str(hand["button"]), is_down=bool(hand["down"]))
        return Response(status_code=204)

    async def push_key(self, request: Request) -> Response:
        hand = await request.json()
        await run_in_threadpool(self._bench.push_key, is_down=bool(hand["down"]))
        return Response(status_code=204)

    async def printer(self, request: Request) -> Response:
        cue = await request.json()
        if "paper" in cue:
            await run_in_threadpool(self._bench.set_paper, str(cue["paper"]))
        else:
            await run_in_threadpool(self._bench.set_cover, is_open=bool(cue["cover"]))
        return Response(status_code=204)

    async def _changes(self) -> AsyncIterator[str]:
        """What is seen, whenever it has changed."""
        before: dict[str, Any] | None = None
        while True:
            seen = await run_in_threadpool(self._bench.look)
            if before is None or _still(seen) != _still(before):
                yield f"data: {json.dumps(seen)}\n\n"
            before = seen
            await asyncio.sleep(_LOOK_S)


def _still(seen: dict[str, Any]) -> dict[str, Any]:
    """What is seen but for the time."""
    return {**seen, "now_ms": None}
