"""What holds for every answer: headers that leave a browser nothing to be talked into, and no large request.

Rule: a body is taken where the staff's pages take forms and files, with its length said before; nowhere else.
"""

from __future__ import annotations

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["Guard"]

_HEAD_BYTES = 16 * 1024
"""nginx allows 32 KB, node.js 16; a phone sends under 2."""
_BODY_BYTES = 4 * 1024 * 1024
"""A calendar of a network's half year; nginx allows 1 MB, python-multipart has no limit of its own."""
_WITH_BODIES = "/staff/"

_POLICY = (
    b"default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; base-uri 'none'; "
    b"form-action 'self'; frame-ancestors 'none'"
)
_HEADERS = [
    (b"content-security-policy", _POLICY),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
]


class Guard:
    """Wraps an ASGI application."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                own = {name for name, _value in message["headers"]}
                message["headers"] = [*message["headers"], *(one for one in _HEADERS if one[0] not in own)]
            await send(message)

        await (_refusal(scope) or self._app)(scope, receive, send_guarded)


def _refusal(scope: Scope) -> PlainTextResponse | None:
    """An answer for a request that is too much; nothing of it is read."""
    headers = scope["headers"]
    if sum(len(name) + len(value) for name, value in headers) + len(scope["query_string"]) > _HEAD_BYTES:
        return PlainTextResponse("this request's head is too large\n", 431)
    lengths = [value for name, value in headers if name in {b"content-length", b"transfer-encoding"} and value != b"0"]
    if not lengths:
        return None
    if not scope["path"].startswith(_WITH_BODIES):
        return PlainTextResponse("no request here has a body\n", 413)
    if not all(value.isdigit() and int(value) <= _BODY_BYTES for value in lengths):
        return PlainTextResponse(f"a body has at most {_BODY_BYTES} bytes and says how many\n", 413)
    return None
