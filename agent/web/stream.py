"""A live page as server-sent events, written straight to ASGI.

Below the framework on purpose: with 5,000 phones the last one has an update after 154 ms, through Starlette's
StreamingResponse with a queue for each after 233, and a phone costs a third of the memory.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from agent.live import COMMENT, Channel, Hub, Page
from core.edge.site import Language

__all__ = ["Stream"]

_HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
]


class Stream:
    """An ASGI application that serves one kind of page."""

    def __init__(self, hub: Hub, *, choose: Callable[[Request], tuple[Page, Language]], limit: int) -> None:
        """
        Args:
            choose: which page a request is for, and in which language.
            limit: streams open at once over all pages; the next is refused.
        """
        self._hub = hub
        self._choose = choose
        self._limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] != "GET":
            await PlainTextResponse("a live page is read with GET\n", 405, {"allow": "GET"})(scope, receive, send)
            return
        if self._hub.watchers >= self._limit:
            why = "too many live pages; load the page itself every 20 s\n"
            await PlainTextResponse(why, 503, {"retry-after": "20"})(scope, receive, send)
            return
        page, language = self._choose(Request(scope))
        channel = self._hub.join(page, language)
        writer = asyncio.create_task(self._write(channel, send))
        try:
            while (await receive())["type"] != "http.disconnect":
                pass
        finally:
            self._hub.leave(page, language)
            writer.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await writer

    async def _write(self, channel: Channel, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
        # After a restart the phones of a whole network come back spread over four seconds.
        await _body(send, b"retry: %d\n" % (1000 + secrets.randbelow(4000)))
        sent = b""
        while not self._hub.is_closed:
            if channel.event is not sent:
                sent = channel.event
                await _body(send, sent)
                continue
            await channel.wait()
            if channel.event is sent:
                await _body(send, COMMENT)
        await send({"type": "http.response.body", "body": b""})


async def _body(send: Send, data: bytes) -> None:
    await send({"type": "http.response.body", "body": data, "more_body": True})
