"""Who may open the staff's pages: whoever has the token of the agent's file, from these pages only.

Rule: nothing of a request is read before the token is right. Without a token in the file nobody gets in, and is told
why. A form is taken only from a page of this very address, because a browser sends the token along whoever asks it to.
"""

from __future__ import annotations

import base64
import binascii
import hmac
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from agent.settings import StaffSettings

__all__ = ["Gate", "Handler"]

Handler = Callable[[Request], Awaitable[Response]]

_OFF = "Ces pages sont fermées : ajoutez à agent.toml une table [staff] avec token = « 16 signes au moins ».\n"
_ASK = {"www-authenticate": 'Basic realm="planning", charset="UTF-8"'}
_HEADERS = {
    "cache-control": "no-store",
    # With the Guard's no-referrer a browser says `Origin: null` of its own pages' forms (Fetch, 3.2).
    "referrer-policy": "same-origin",
    "x-robots-tag": "noindex",
}


class Gate:
    """Stands before each handler of the staff's pages."""

    def __init__(self, settings: StaffSettings | None, public_url: str) -> None:
        self._token = None if settings is None else settings.token.get_secret_value().encode()
        self._public_url = public_url

    def __call__(self, handler: Handler) -> Handler:
        async def guarded(request: Request) -> Response:
            response = self._refusal(request) or await handler(request)
            for name, value in _HEADERS.items():
                response.headers.setdefault(name, value)
            return response

        return guarded

    def _refusal(self, request: Request) -> Response | None:
        if self._token is None:
            return PlainTextResponse(_OFF, 403)
        if not hmac.compare_digest(_password(request.headers.get("authorization", "")), self._token):
            return PlainTextResponse("Le mot de passe est le token de [staff] dans agent.toml.\n", 401, _ASK)
        if request.method not in {"GET", "HEAD"} and not self._is_from_here(request):
            return PlainTextResponse("Ce formulaire vient d’un autre site ; ouvrez le planning lui-même.\n", 403)
        return None

    def _is_from_here(self, request: Request) -> bool:
        """As a browser says it (W3C Fetch Metadata; RFC 6454, 7); one that says neither is not believed."""
        site = request.headers.get("sec-fetch-site")
        if site is not None:
            return site == "same-origin"
        origin = request.headers.get("origin")
        if origin is None:
            return False
        return origin == self._public_url or urlsplit(origin).netloc == request.headers.get("host")


def _password(header: str) -> bytes:
    """What follows the first colon (RFC 7617, 2); empty where there is none."""
    scheme, _, credentials = header.partition(" ")
    if scheme.lower() != "basic":
        return b""
    try:
        return base64.b64decode(credentials, validate=True).partition(b":")[2]
    except binascii.Error:
        return b""
