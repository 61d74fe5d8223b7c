"""What each centre has learnt of its own habits: one page, from what its controller told last."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from agent.web.staff.desk import Desk
from agent.web.staff.drawing import StaffPaper, bearing
from agent.web.staff.gate import Gate
from agent.web.staff.habits import by_hour, by_weekday, tables_of
from core.forecast.habits import VERSION, Habits
from core.room.duty import unnamed
from core.room.ids import RoomId, SiteId

__all__ = ["HabitPages"]


class HabitPages:
    """Drawn in French."""

    def __init__(self, gate: Gate, desk: Desk, habits: Callable[[SiteId], Habits | None], paper: StaffPaper) -> None:
        """
        Args:
            habits: of a site; None while it has not told any.
        """
        self._gate = gate
        self._desk = desk
        self._habits = habits
        self._page = paper.page

    def routes(self) -> list[Route]:
        return [Route("/staff/habits/{site}", self._gate(bearing(self._centre)))]

    async def _centre(self, request: Request) -> Response:
        site = SiteId(request.path_params["site"])
        if site not in self._desk.centres:
            raise HTTPException(404)
        centre, habits = self._desk.centres[site], self._habits(site)
        if habits is None or habits.version != VERSION:
            return self._page("habits_none.html", centre=centre)
        names = {unnamed(RoomId(room)): f"Salle {label}, sans nom" for room, label in centre.rooms.items()}
        names |= (await self._desk.plan()).names
        return self._page(
            "habits.html",
            centre=centre,
            upto=date.fromisoformat(habits.upto) if habits.upto else None,
            hours=by_hour(habits),
            weekdays=by_weekday(habits),
            tables=tables_of(habits, names),
        )
