"""The web application: every address in one list."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Mapping, Sequence
from importlib.resources import files
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route, Router
from starlette.types import ASGIApp, Lifespan

from agent.ingest import Health
from agent.live import Hub
from agent.nearby.nearby import Nearby
from agent.remote import Remote
from agent.roster.plan import Plan, by_id
from agent.settings import AgentFile
from agent.store.plans import PlanStore
from agent.store.scores import ScoreStore
from agent.web.api import Api
from agent.web.drawing import Artist
from agent.web.guard import Guard
from agent.web.lastweek import LastWeek
from agent.web.leaving import Leaving
from agent.web.pages import Pages
from agent.web.places import Places
from agent.web.staff.desk import Desk
from agent.web.staff.devices import DevicePages
from agent.web.staff.drawing import StaffPaper
from agent.web.staff.figures import FigurePages
from agent.web.staff.gate import Gate
from agent.web.staff.learnt import HabitPages
from agent.web.staff.notes import notes_of
from agent.web.staff.pages import StaffPages
from core.edge.clock import Clock
from core.room.ids import SiteId
from core.wire.messages import Alert, Fleet

__all__ = ["Web"]

_ASSETS = {"site.css": "text/css", "live.js": "text/javascript", "plan.css": "text/css"}
_FOR_EVER = {"cache-control": "public, max-age=31536000, immutable"}
_HANGS_S = 10.0


class Web:
    """The hub, and the application over it."""

    def __init__(
        self,
        settings: AgentFile,
        clock: Clock,
        health: Callable[[], Health],
        *,
        remote: Remote,
        plans: PlanStore,
        scores: ScoreStore,
        look: Callable[[], None],
    ) -> None:
        """
        Args:
            look: called when the plan was changed here.
        """
        self._health = health
        self._plan = Plan()
        self._assets = {name: files("agent.web").joinpath("static", name).read_bytes() for name in _ASSETS}
        places = Places(settings.sites)
        addresses = _addresses(self._assets)
        centres = by_id(settings.sites)
        self.last_week = LastWeek(scores, centres, clock)
        nearby = Nearby(centres, lambda: self._plan)
        artist = Artist(places, clock, addresses, lambda: self._plan, self.last_week.tenths, nearby)
        self.hub = Hub(artist.draw)
        self._pages = Pages(self.hub, artist, places, clock, max_live=settings.web.max_live)
        self._api = Api(self.hub, places, clock, settings.web.public_url)
        self._leaving = Leaving(self.hub, artist, clock, remote)
        gate = Gate(settings.staff, settings.web.public_url)
        paper = StaffPaper(addresses["plan.css"])
        desk = Desk(plans, centres, clock, look)
        self._staff = StaffPages(
            gate, desk, lambda site: notes_of(self.hub.view(site), health().fleets.get(site)), paper
        )
        self._figures = FigurePages(gate, scores, centres, clock, paper)
        self._devices = DevicePages(gate, centres, lambda site: health().fleets.get(site), self._is_online, paper)
        self._habits = HabitPages(gate, desk, lambda site: health().habits.get(site), paper)

    def show_plan(self, plan: Plan) -> None:
        """Take a newer plan, and show what it changes."""
        self._plan = plan
        for view in list(self.hub.views()):
            self.hub.show(view)

    def app(self, lifespan: Lifespan[Any]) -> ASGIApp:
        """
        Args:
            lifespan: what runs while the application does.
        """
        whole = Starlette(
            routes=[
                *self._pages.routes(),
                *self._leaving.routes(),
                *self._staff.routes(),
                *self._figures.routes(),
                *self._habits.routes(),
                *self._devices.routes(),
                *self._api.routes(),
                Route("/healthz", self._healthz),
                Route("/static/{name}", self._asset),
            ],
            exception_handlers={404: self._pages.not_found},
        )
        return Guard(Router(self._pages.live_routes(), default=whole, redirect_slashes=False, lifespan=lifespan))

    def _is_online(self, site: SiteId) -> bool:
        view = self.hub.view(site)
        return view is not None and bool(view.is_online)

    async def _healthz(self, _request: Request) -> Response:
        """For whoever watches over the agent: 503 when the ingest hangs or the database takes nothing."""
        health = self._health()
        is_well = time.monotonic() - health.beat_s < _HANGS_S and health.store_fault is None
        views = list(self.hub.views())
        body = {
            "well": is_well,
            "broker": health.link_is_up,
            "store": health.store_fault or "well",
            "store_set_aside": health.store_aside,
            "sites": len(views),
            "sites_online": sum(bool(view.is_online) for view in views),
            "live_pages": self.hub.watchers,
            "refused": dict(health.refused),
            "alerts": {site: dict(alerts) for site, alerts in health.alerts.items()},
            "devices": {site: troubled for site, fleet in health.fleets.items() if (troubled := _troubled(fleet))},
        }
        return JSONResponse(body, 200 if is_well else 503, {"cache-control": "no-store"})

    async def _asset(self, request: Request) -> Response:
        name = request.path_params["name"]
        if name not in self._assets:
            return await self._pages.not_found(request, LookupError(name))
        return Response(self._assets[name], media_type=_ASSETS[name], headers=_FOR_EVER)


def _troubled(fleet: Fleet) -> dict[str, dict[str, Any]]:
    """The devices of a centre that need a person, or that were sent what they could not use."""
    return {
        device: {"state": state.state, "alerts": _by_code(state.alerts), "refused": state.refused}
        for device, state in fleet.devices.items()
        if state.state != "ready" or state.refused
    }


def _by_code(alerts: Sequence[Alert]) -> dict[str, str]:
    """Alerts with one code, such as two doctors who are missing, stand in one line."""
    details: dict[str, list[str]] = {}
    for alert in alerts:
        details.setdefault(alert.code, []).append(alert.detail)
    return {code: "; ".join(some) for code, some in details.items()}


def _addresses(assets: Mapping[str, bytes]) -> dict[str, str]:
    """An address that changes with the content, so that a browser may keep it for ever."""
    return {name: f"/static/{name}?v={hashlib.sha256(content).hexdigest()[:8]}" for name, content in assets.items()}
