"""The agent's composition root: store, ingest, pages; started in order, stopped in reverse."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import resource
import signal
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import uvicorn
from starlette.applications import Starlette

from agent.ingest import Ingest
from agent.live import Hub
from agent.nearby.teller import Teller
from agent.roster.plan import Plan, by_id
from agent.roster.sender import Sender
from agent.settings import load_agent
from agent.store.keeper import Keeper
from agent.store.plans import PlanStore
from agent.store.scores import ScoreStore
from agent.view import SiteView
from agent.web.app import Web
from core.edge.clock import make_clock
from core.edge.notify import notify_ready

__all__ = ["run"]

_log = logging.getLogger(__name__)

_UNREAD_HEAD_BYTES = 16 * 1024
"""Of a head that arrives in parts: more is refused before it is whole."""
_SPARE_CONNECTIONS = 1000
"""For pages and JSON beside the live ones; more are answered 503 at once."""
_BACKLOG = 4096
"""Phones of a network that come back at once after a restart."""
_FAREWELL_S = 2


def run(config: Path) -> int:
    """Serve until SIGTERM or SIGINT, with a database or, as well as can be, without; returns 0.

    Raises:
        ConfigError: the agent's file is wrong.
    """
    settings = load_agent(config)
    clock = make_clock(settings.clock)
    ingest = Ingest(settings, Keeper(settings.store.url), clock)
    plans, scores = PlanStore(settings.store.url), ScoreStore(settings.store.url)
    centres = by_id(settings.sites)
    sender = Sender(plans, centres, clock, ingest.publish)
    teller = Teller(centres, clock, ingest.publish)
    web = Web(
        settings, clock, lambda: ingest.health, remote=ingest.remote, plans=plans, scores=scores, look=sender.look
    )
    for view in ingest.restore():
        teller.show(view)
        web.hub.show(view)

    @contextlib.asynccontextmanager
    async def beside(_app: Starlette) -> AsyncIterator[None]:
        loop = asyncio.get_running_loop()

        def show(view: SiteView) -> None:
            teller.show(view)
            loop.call_soon_threadsafe(web.hub.show, view)

        def show_plan(plan: Plan) -> None:
            teller.show_plan(plan)
            loop.call_soon_threadsafe(web.show_plan, plan)

        def come_up() -> None:
            sender.link_is_up()
            teller.link_is_up()

        ingest.start(show, on_up=come_up)
        sender.start(show_plan)
        teller.start()
        tasks = [
            asyncio.create_task(web.hub.beat(), name="hub"),
            asyncio.create_task(web.last_week.keep_looking(), name="last-week"),
        ]
        notify_ready()
        yield
        for task in tasks:
            task.cancel()
        scores.close()
        teller.stop()
        sender.stop()
        ingest.stop()

    _allow_many_sockets(settings.web.max_live)
    serving = uvicorn.Config(
        web.app(beside),
        host=settings.web.host,
        port=settings.web.port,
        loop="asyncio",
        http="h11",
        ws="none",
        lifespan="on",
        # A line per request would write the tokens down.
        access_log=False,
        log_config=None,
        server_header=False,
        proxy_headers=False,
        backlog=_BACKLOG,
        limit_concurrency=settings.web.max_live + _SPARE_CONNECTIONS,
        h11_max_incomplete_event_size=_UNREAD_HEAD_BYTES,
        timeout_graceful_shutdown=_FAREWELL_S,
    )
    server = _Server(serving, web.hub)
    for number in (signal.SIGTERM, signal.SIGINT):
        # uvicorn has its own handlers while it serves, then raises again what it caught: that must not end us half way.
        signal.signal(number, server.handle_exit)
    server.run()
    return 0


class _Server(uvicorn.Server):
    """Ends the live streams first; they would be waited for."""

    def __init__(self, config: uvicorn.Config, hub: Hub) -> None:
        super().__init__(config)
        self._hub = hub

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._hub.close()
        await super().shutdown(sockets)


def _allow_many_sockets(live: int) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = live + 2 * _SPARE_CONNECTIONS
    allowed = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    if allowed > soft:
        resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, hard))
    if allowed < wanted:
        _log.warning("%d open files are allowed, %d wanted: raise LimitNOFILE or lower web.max_live", allowed, wanted)
