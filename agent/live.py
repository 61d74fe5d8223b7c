"""The newest view of every centre, and the phones that watch: a page is drawn once and sent to all who look at it.

Rule: belongs to the event loop's thread; other threads come in through `call_soon_threadsafe`. A page that has not
changed is not sent again. Who watches slowly misses the pages between, never the last one.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from agent.view import SiteView
from core.edge.site import Language
from core.room.ids import SiteId, Token
from core.room.state import Ticket
from core.room.transitions import IN_ROOM

__all__ = ["COMMENT", "CentrePage", "Channel", "Drawing", "Hub", "NetworkPage", "Page", "TicketPage"]

COMMENT = b":\n\n"
"""Keeps proxies from closing a quiet connection (HTML standard, 9.2.7, authoring notes)."""

_BEAT_S = 15.0
_NETWORK_EVERY_S = 1.0
"""The page of all centres is drawn this often at most: it changes with every event of every centre."""
_TOKEN_LIFE_MS = 10 * 60 * 60 * 1000
"""Of a ticket whose centre is silent: from closing at 22:00 until the next morning at 8:00."""
_DRAWN_AT_ONCE = 20
"""Pages drawn before the loop may turn to others: about 2 ms."""


@dataclass(frozen=True, slots=True)
class NetworkPage:
    """All centres."""


@dataclass(frozen=True, slots=True)
class CentrePage:
    site: SiteId


@dataclass(frozen=True, slots=True)
class TicketPage:
    token: Token


Page = NetworkPage | CentrePage | TicketPage


@dataclass(frozen=True, slots=True)
class Drawing:
    """The changing part of a page."""

    version: str
    """Journal and entry: told to the browser, which never replaces a later entry by an earlier one."""
    title: str
    html: str


class Channel:
    """One page in one language, as those who watch it share it.

    Small, because each phone has its own: the page's text beside its bytes, and an `asyncio.Event`, would cost 2.1 KB
    a phone of then 15.6.
    """

    __slots__ = ("_waiting", "event", "watchers")

    def __init__(self, drawing: Drawing) -> None:
        self.event = _event(drawing)
        """The page as a server-sent event, encoded once."""
        self.watchers = 0
        self._waiting: list[asyncio.Future[None]] = []

    def show(self, drawing: Drawing) -> None:
        """Send a drawing, unless it looks like the one before."""
        event = _event(drawing)
        if _looks(event) != _looks(self.event):
            self.event = event
            self.wake()

    async def wait(self) -> None:
        """Until there is something to send: a new event, or a comment when there is none."""
        waiter = asyncio.get_running_loop().create_future()
        self._waiting.append(waiter)
        await waiter

    def wake(self) -> None:
        waiting, self._waiting = self._waiting, []
        for waiter in waiting:
            if not waiter.done():
                waiter.set_result(None)


class Hub:
    """Views, and channels by page and language."""

    def __init__(self, draw: Callable[[Hub, Page, Language], Drawing]) -> None:
        """
        Args:
            draw: draws a page from the views as they are now.
        """
        self._draw = draw
        self._views: dict[SiteId, SiteView] = {}
        self._channels: dict[Page, dict[Language, Channel]] = {}
        self._network_is_due = False
        self._is_closed = False
        self.watchers = 0

    @property
    def is_closed(self) -> bool:
        """Whether the agent is going away; streams end."""
        return self._is_closed

    def views(self) -> Iterator[SiteView]:
        yield from self._views.values()

    def view(self, site: SiteId) -> SiteView | None:
        return self._views.get(site)

    def find(self, token: Token, now_ms: int) -> tuple[SiteView, Ticket] | None:
        """The ticket that a token opens, with its centre; None once its day is over.

        A site that is not heard cannot say that its day is over, so the token dies by the agent's own clock.
        """
        for view in self._views.values():
            if token in view.tickets:
                is_dead = now_ms - view.as_of(now_ms) > _TOKEN_LIFE_MS
                return None if is_dead else (view, view.tickets[token])
        return None

    def show(self, view: SiteView) -> None:
        """Take a newer view of a site and send what it changes, those who are called first."""
        before = self._views.get(view.site)
        self._views[view.site] = view
        self._network_is_due = True
        if not self._channels:
            return
        gone = before.tickets.keys() - view.tickets.keys() if before else set()
        called_first = sorted(view.tickets.values(), key=lambda ticket: ticket.state not in IN_ROOM)
        for token in [*(ticket.token for ticket in called_first), *gone]:
            self._refresh(TicketPage(token))
        self._refresh(CentrePage(view.site))

    def join(self, page: Page, language: Language) -> Channel:
        """Begin to watch."""
        channels = self._channels.setdefault(page, {})
        channel = channels.get(language)
        if channel is None:
            channel = channels[language] = Channel(self._draw(self, page, language))
        channel.watchers += 1
        self.watchers += 1
        return channel

    def leave(self, page: Page, language: Language) -> None:
        channels = self._channels[page]
        channels[language].watchers -= 1
        self.watchers -= 1
        if not channels[language].watchers:
            del channels[language]
        if not channels:
            del self._channels[page]

    async def beat(self) -> None:
        """Run for ever: the network's page when it is due; all pages, whose age goes on, every 15 s."""
        loop = asyncio.get_running_loop()
        last_s = loop.time()
        while True:
            await asyncio.sleep(_NETWORK_EVERY_S)
            if self._network_is_due:
                self._network_is_due = False
                self._refresh(NetworkPage())
            if loop.time() - last_s >= _BEAT_S:
                last_s = loop.time()
                await self._refresh_all()

    def close(self) -> None:
        """Let every stream end."""
        self._is_closed = True
        for channels in self._channels.values():
            for channel in channels.values():
                channel.wake()

    async def _refresh_all(self) -> None:
        for count, page in enumerate(list(self._channels), 1):
            self._refresh(page)
            for channel in self._channels.get(page, {}).values():
                channel.wake()
            if count % _DRAWN_AT_ONCE == 0:
                await asyncio.sleep(0)

    def _refresh(self, page: Page) -> None:
        for language, channel in self._channels.get(page, {}).items():
            channel.show(self._draw(self, page, language))


def _event(drawing: Drawing) -> bytes:
    data = "".join(f"data: {line}\n" for line in drawing.html.splitlines())
    return f"id: {drawing.version}\n{data}\n".encode()


def _looks(event: bytes) -> bytes:
    """An event without its id: what a reader sees of it."""
    return event.partition(b"\n")[2]
