"""What holds for every answer: headers that leave a browser nothing to be talked into, and no request with a body."""

from __future__ import annotations

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["Guard"]


class Guard:
    """Wraps an ASGI application."""

    def __init__(self, app: ASGIApp, *, framed_by: str | None) -> None:
        """
        Args:
            framed_by: the only origin that may show our pages in a frame.
        """
        self._app = app
        framer = framed_by or "'none'"
        policy = (
            "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; base-uri 'none'; "
            f"form-action 'none'; frame-ancestors {framer}"
        )
        self._headers = [
            (b"content-security-policy", policy.encode()),
            (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
            (b"referrer-policy", b"no-referrer"),
            (b"x-content-type-options", b"nosniff"),
        ]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *self._headers]
            await send(message)

        # Nothing here takes a body; whoever sends one is answered before it is read.
        has_body = any(
            name in {b"content-length", b"transfer-encoding"} and value != b"0" for name, value in scope["headers"]
        )
        app = PlainTextResponse("no request here has a body\n", 413) if has_body else self._app
        await app(scope, receive, send_guarded)
