"""The addresses that people open: pages, each also as a live stream."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from agent.live import CentrePage, Hub, NetworkPage, Page, TicketPage
from agent.web.drawing import Artist
from agent.web.language import choose_language
from agent.web.places import Places
from agent.web.stream import Stream
from core.edge.clock import Clock
from core.edge.site import Language
from core.room.ids import SiteId, Token

__all__ = ["Pages"]

_PRIVATE = {"cache-control": "no-store", "x-robots-tag": "noindex"}
"""A ticket's address is a secret of its patient."""
_PUBLIC = {"cache-control": "no-cache"}


class Pages:
    """Pages of the network, a centre, a ticket."""

    def __init__(self, hub: Hub, artist: Artist, places: Places, clock: Clock, *, max_live: int) -> None:
        self._hub = hub
        self._artist = artist
        self._places = places
        self._clock = clock
        self._live = Stream(hub, choose=self._choose, limit=max_live)

    def routes(self) -> list[Route]:
        return [
            Route("/", self._page),
            Route("/c/{site}", self._page),
            Route("/t/{token}", self._page),
        ]

    def live_routes(self) -> list[Route]:
        """The same pages live, to be mounted beside the others: the layers around those cost 2.4 KB a phone."""
        return [Route(f"{path}/live", self._live) for path in ("", "/c/{site}", "/t/{token}")]

    async def not_found(self, request: Request, _error: Exception) -> Response:
        """A page for an address that there is not."""
        return HTMLResponse(self._artist.not_found(self._language(request, None)), 404, _PUBLIC)

    async def _page(self, request: Request) -> Response:
        page, language = self._choose(request)
        if isinstance(page, CentrePage) and page.site not in self._places and self._hub.view(page.site) is None:
            return await self.not_found(request, LookupError(page.site))
        headers = _PRIVATE if isinstance(page, TicketPage) else _PUBLIC
        return HTMLResponse(self._artist.whole(self._hub, page, language), headers=headers)

    def _choose(self, request: Request) -> tuple[Page, Language]:
        parameters = request.path_params
        if "token" in parameters:
            token = Token(parameters["token"])
            found = self._hub.find(token, self._clock.wall_ms())
            return TicketPage(token), self._language(request, found[1].language if found else None)
        if "site" in parameters:
            return CentrePage(SiteId(parameters["site"])), self._language(request, None)
        return NetworkPage(), self._language(request, None)

    @staticmethod
    def _language(request: Request, ticket: str | None) -> Language:
        return choose_language(request.query_params.get("lang"), ticket, request.headers.get("accept-language"))
