"""A patient says that they go: a link on the ticket's page, a page that asks again, and what became of it.

Rule: the token in the address opens this ticket and no other. What a browser or a messenger may fetch by itself changes
nothing: leaving is a POST. It is asked of a site that is there, or not at all.
"""

from __future__ import annotations

import asyncio
import time

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from agent.live import Hub, TicketPage
from agent.remote import Remote
from agent.web.drawing import Artist, address
from agent.web.language import choose_language
from agent.web.sentences import Stage, may_leave
from core.edge.clock import Clock
from core.edge.site import Language
from core.room.commands import Cancel
from core.room.ids import SiteId, TicketId, Token

__all__ = ["Leaving"]

_PRIVATE = {"cache-control": "no-store", "x-robots-tag": "noindex"}
_SEE_OTHER = 303


class Leaving:
    """Belongs to the event loop's thread."""

    def __init__(self, hub: Hub, artist: Artist, clock: Clock, remote: Remote) -> None:
        self._hub = hub
        self._artist = artist
        self._clock = clock
        self._remote = remote
        self._asking: dict[TicketId, asyncio.Task[Stage]] = {}
        """What is on its way: a second tap waits for the outcome of the first."""

    def routes(self) -> list[Route]:
        return [
            Route("/t/{token}/leave", self._confirm, methods=["GET"]),
            Route("/t/{token}/leave", self._leave, methods=["POST"]),
        ]

    async def _confirm(self, request: Request) -> Response:
        return await self._answer(request, is_sure=False)

    async def _leave(self, request: Request) -> Response:
        return await self._answer(request, is_sure=True)

    async def _answer(self, request: Request, *, is_sure: bool) -> Response:
        page = TicketPage(Token(request.path_params["token"]))
        found = self._hub.find(page.token, self._clock.wall_ms())
        view, ticket = found or (None, None)
        asked, accepted = request.query_params.get("lang"), request.headers.get("accept-language")
        language: Language = choose_language(asked, ticket.language if ticket else None, accepted)
        if view is None or ticket is None or not may_leave(ticket):
            # Its page says why: it has ended, or nobody knows it.
            return RedirectResponse(f"{address(page)}?lang={language}", _SEE_OTHER, _PRIVATE)
        stage: Stage = "asked"
        if not view.is_fresh(time.monotonic()):
            stage = "failed"
        elif is_sure:
            stage = await self._ask(view.site, ticket.id)
        return HTMLResponse(self._artist.leaving(page, ticket.number, stage, language), headers=_PRIVATE)

    async def _ask(self, site: SiteId, ticket: TicketId) -> Stage:
        task = self._asking.get(ticket)
        if task is None:
            task = self._asking[ticket] = asyncio.create_task(self._asked(site, ticket), name="leave")
            task.add_done_callback(lambda _done: self._asking.pop(ticket))
        return await asyncio.shield(task)

    async def _asked(self, site: SiteId, ticket: TicketId) -> Stage:
        outcome = await self._remote.ask(site, Cancel(ticket=ticket, reason="left"))
        match outcome.kind:
            case "done":
                return "done"
            case "rejected" if outcome.code != "disk-fault":
                return "changed"
            case _:
                return "failed"
