"""How what was told of waits compares with what happened: all centres on one page, each on its own."""

from __future__ import annotations

from datetime import timedelta

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from agent.roster.config import today
from agent.roster.plan import Centres, zone_of
from agent.scores import total
from agent.store.scores import ScoreStore
from agent.web.staff.drawing import StaffPaper, bearing
from agent.web.staff.gate import Gate
from agent.web.staff.period import LENGTHS, amount, period_of, ratio
from core.edge.clock import Clock
from core.room.ids import SiteId

__all__ = ["FigurePages"]

_USUAL_DAYS = 28


class FigurePages:
    """Reads what the ingest has scored."""

    def __init__(self, gate: Gate, store: ScoreStore, centres: Centres, clock: Clock, paper: StaffPaper) -> None:
        self._gate = gate
        self._store = store
        self._centres = centres
        self._clock = clock
        self._page = paper.page

    def routes(self) -> list[Route]:
        return [
            Route("/staff/figures", self._gate(bearing(self._network))),
            Route("/staff/figures/{site}", self._gate(bearing(self._centre))),
        ]

    async def _network(self, _request: Request) -> Response:
        last = today(zone_of(None), self._clock.wall_ms())
        scores = await run_in_threadpool(self._store.days, last - timedelta(days=_USUAL_DAYS - 1), last)
        centres = sorted(self._centres.values(), key=lambda one: one.name)
        rows = [(centre, total(scores.get(SiteId(centre.id), {})).first) for centre in centres]
        length = LENGTHS[_USUAL_DAYS]
        return self._page("figures_all.html", rows=rows, length=length, amount=amount, ratio=ratio)

    async def _centre(self, request: Request) -> Response:
        site = SiteId(request.path_params["site"])
        if site not in self._centres:
            raise HTTPException(404)
        centre = self._centres[site]
        asked = request.query_params.get("days", "")
        length = next((days for days in LENGTHS if asked == str(days)), _USUAL_DAYS)
        last = today(zone_of(centre), self._clock.wall_ms())
        first = last - timedelta(days=length - 1)
        scores = await run_in_threadpool(self._store.days, first, last, site=site)
        period = period_of(scores.get(site, {}), last, length)
        return self._page(
            "figures.html", centre=centre, period=period, length=length, lengths=LENGTHS, amount=amount, ratio=ratio
        )
