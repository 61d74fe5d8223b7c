"""What a technician should know of a centre's machines before driving there: how each is, what to do, how much paper.

Rule: as the devices have told it; of one that was never heard there is no row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from agent.roster.plan import Centres
from agent.web.staff.drawing import StaffPaper, bearing
from agent.web.staff.gate import Gate
from agent.web.staff.words import NOTHING, number
from core.room.ids import SiteId
from core.wire.messages import Alert, DeviceState, Fleet

__all__ = ["DevicePages", "Row", "rows_of"]

_ROLES = {"controller": "Contrôleur", "kiosk": "Borne", "room": "Boîtier de salle", "display": "Grand écran"}
"""In the order of the page."""
_STATES = {"ready": "en marche", "alert": "à voir", "lost": "muet"}


@dataclass(frozen=True, slots=True)
class Row:
    """One device."""

    role: str
    device: str
    state: str
    is_well: bool
    alerts: tuple[Alert, ...]
    paper: str
    version: str


def rows_of(fleet: Fleet) -> list[Row]:
    return list(_rows(fleet))


def _rows(fleet: Fleet) -> Iterator[Row]:
    order = list(_ROLES)
    for device, state in sorted(fleet.devices.items(), key=lambda one: (order.index(one[1].role), one[0])):
        yield Row(
            role=_ROLES[state.role],
            device=device,
            state=_STATES[state.state],
            is_well=state.state == "ready",
            alerts=tuple(state.alerts),
            paper=_paper(state),
            version=state.version or NOTHING,
        )


def _paper(state: DeviceState) -> str:
    if state.role != "kiosk":
        return NOTHING
    if state.slips_left is None:
        return "on ne sait pas"
    return f"environ {number(state.slips_left)} tickets" if state.slips_left else "plus de papier"


class DevicePages:
    """Drawn in French; what is to be done, in the words of the devices."""

    def __init__(
        self,
        gate: Gate,
        centres: Centres,
        fleet: Callable[[SiteId], Fleet | None],
        is_online: Callable[[SiteId], bool],
        paper: StaffPaper,
    ) -> None:
        """
        Args:
            fleet: of a site, as last heard; None while it has not told any.
        """
        self._gate = gate
        self._centres = centres
        self._fleet = fleet
        self._is_online = is_online
        self._page = paper.page

    def routes(self) -> list[Route]:
        return [Route("/staff/devices/{site}", self._gate(bearing(self._centre)))]

    async def _centre(self, request: Request) -> Response:
        site = SiteId(request.path_params["site"])
        if site not in self._centres:
            raise HTTPException(404)
        fleet = self._fleet(site)
        return self._page(
            "devices.html",
            centre=self._centres[site],
            rows=rows_of(fleet) if fleet else [],
            is_online=self._is_online(site),
        )
