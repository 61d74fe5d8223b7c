"""The agent's pages under the workbench's address, as a reverse proxy stands before an agent in the field."""

from __future__ import annotations

from collections.abc import AsyncIterator

import anyio
import httpx
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse

__all__ = ["Proxy"]

_HOP_BY_HOP = frozenset({"connection", "host", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade"})
"""Meant for the next machine only (RFC 9110, 7.6.1)."""
_LIMITS = httpx.Timeout(5.0, read=None)
"""In seconds; a live page is read for as long as it is open."""


class Proxy:
    """Passes requests on. Used from one event loop."""

    def __init__(self, agent: str) -> None:
        self._client = httpx.AsyncClient(base_url=agent, timeout=_LIMITS, follow_redirects=False, trust_env=False)

    async def pass_on(self, request: Request) -> Response:
        wanted = self._client.build_request(
            request.method,
            httpx.URL(path=request.url.path, query=request.url.query.encode()),
            headers=[(name, value) for name, value in request.headers.items() if name not in _HOP_BY_HOP],
            content=await request.body(),
        )
        try:
            answer = await self._client.send(wanted, stream=True)
        except httpx.TransportError:
            return PlainTextResponse("The agent is starting.", status_code=502, headers={"Refresh": "1"})
        headers = {name: _framed(value) for name, value in answer.headers.items() if name not in _HOP_BY_HOP}
        return StreamingResponse(_passed_on(answer), status_code=answer.status_code, headers=headers)

    async def close(self) -> None:
        await self._client.aclose()


def _framed(header: str) -> str:
    """The agent lets nobody frame its pages; the workbench shows the phone's beside the rest."""
    return header.replace("frame-ancestors 'none'", "frame-ancestors 'self'")


async def _passed_on(answer: httpx.Response) -> AsyncIterator[bytes]:
    try:
        async for chunk in answer.aiter_raw():
            yield chunk
    except httpx.TransportError:
        return  # the agent went away in the middle: so does this page
    finally:
        # Also when the browser has gone, which cancels this.
        with anyio.CancelScope(shield=True):
            await answer.aclose()
