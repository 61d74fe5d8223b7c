"""The addresses that programs read: small JSON, whole in each answer, with its age (in the spirit of GTFS-Realtime)."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from agent.live import Hub
from agent.view import SiteView
from agent.web.places import Places
from core.edge.clock import Clock
from core.room.ids import SiteId, Token

__all__ = ["Api"]

_PUBLIC = {"cache-control": "public, max-age=15", "access-control-allow-origin": "*"}
_PRIVATE = {"cache-control": "no-store"}


class Api:
    """Counts of centres for everybody; the place of one ticket for whoever holds its token."""

    def __init__(self, hub: Hub, places: Places, clock: Clock, public_url: str) -> None:
        self._hub = hub
        self._places = places
        self._clock = clock
        self._public_url = public_url

    def routes(self) -> list[Route]:
        return [
            Route("/api/v1/sites", self._sites),
            Route("/api/v1/sites/{site}", self._site),
            Route("/api/v1/tickets/{token}", self._ticket),
        ]

    async def _sites(self, _request: Request) -> JSONResponse:
        sites = sorted({*self._places, *(view.site for view in self._hub.views())})
        return self._answer({"sites": [self._counts(site) for site in sites]}, _PUBLIC)

    async def _site(self, request: Request) -> JSONResponse:
        site = SiteId(request.path_params["site"])
        if site not in self._places and self._hub.view(site) is None:
            return JSONResponse({"error": "unknown-site", "do": "see /api/v1/sites"}, 404, _PUBLIC)
        return self._answer(self._counts(site), _PUBLIC)

    async def _ticket(self, request: Request) -> JSONResponse:
        now_ms = self._clock.wall_ms()
        found = self._hub.find(Token(request.path_params["token"]), now_ms)
        if found is None:
            return JSONResponse({"error": "unknown-ticket", "do": "ask again; the slip is valid"}, 404, _PRIVATE)
        view, ticket = found
        body = {
            "number": ticket.number,
            "state": ticket.state,
            "before": view.places.get(ticket.id),
            "room": self._places.label(view.site, ticket.room) if ticket.room else None,
            "site": view.site,
            **self._age(view),
        }
        return self._answer(body, _PRIVATE)

    def _counts(self, site: SiteId) -> dict[str, Any]:
        view = self._hub.view(site)
        named = {"id": site, "name": self._places.name(site), "page": f"{self._public_url}/c/{site}"}
        if view is None:
            return {**named, "online": False, "as_of": None, "waiting": None, "with_doctor": None}
        return {**named, **self._age(view), "waiting": view.waiting, "with_doctor": view.with_doctor}

    def _age(self, view: SiteView) -> dict[str, Any]:
        as_of_ms = view.as_of(self._clock.wall_ms())
        return {"online": view.is_fresh(time.monotonic()), "as_of": _iso(as_of_ms) if as_of_ms else None}

    def _answer(self, body: dict[str, Any], headers: dict[str, str]) -> JSONResponse:
        return JSONResponse({"updated": _iso(self._clock.wall_ms()), **body}, headers=headers)


def _iso(at_ms: int) -> str:
    return datetime.fromtimestamp(at_ms // 1000, UTC).isoformat().replace("+00:00", "Z")
