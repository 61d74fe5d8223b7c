"""The plan's addresses: a week of a centre, a form for a shift or a day, files in and out. All works without script.

Rule: a change that is refused shows what was typed, and why; one that is made leads back to its week.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from urllib.parse import quote, urlencode

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from agent.roster.plan import PlanError, Problem, zone_of
from agent.settings import SiteSettings
from agent.web.staff.desk import Desk, Key, held
from agent.web.staff.drawing import StaffPaper, bearing
from agent.web.staff.forms import DayForm, ShiftForm, read_day
from agent.web.staff.gate import Gate, Handler
from agent.web.staff.week import name_of, week_named, week_of
from core.room.ids import PractitionerId, SiteId

__all__ = ["Notes", "StaffPages"]

_SEE_OTHER = 303
_BODY_S = 30
"""For a body of 4 MB over a mobile line."""

Notes = Callable[[SiteId], Sequence[str]]
"""What somebody who plans a centre should know of it now."""


class StaffPages:
    """Drawn in French."""

    def __init__(self, gate: Gate, desk: Desk, notes: Notes, paper: StaffPaper) -> None:
        self._gate = gate
        self._desk = desk
        self._notes = notes
        self._page = paper.page

    def routes(self) -> list[Route]:
        def route(path: str, handler: Handler, method: str) -> Route:
            return Route(f"/staff/plan{path}", self._gate(bearing(handler)), methods=[method])

        return [
            route("", self._centres, "GET"),
            route("/practitioner/{practitioner}.ics", self._calendar, "GET"),
            route("/{site}.csv", self._table, "GET"),
            route("/{site}.ics", self._calendar, "GET"),
            route("/{site}", self._week, "GET"),
            route("/{site}/shift", self._shift, "GET"),
            route("/{site}/shift", self._put_shift, "POST"),
            route("/{site}/shift/remove", self._remove_shift, "POST"),
            route("/{site}/day", self._day, "GET"),
            route("/{site}/day", self._put_day, "POST"),
            route("/{site}/import", self._import, "POST"),
        ]

    async def _centres(self, _request: Request) -> Response:
        return self._page("centres.html", centres=sorted(self._desk.centres.values(), key=lambda one: one.name))

    async def _week(self, request: Request) -> Response:
        monday = week_named(request.query_params.get("week", ""))
        return await self._week_page(request, monday=monday, said=request.query_params.get("said", ""))

    async def _week_page(
        self, request: Request, *, monday: date | None, said: str = "", problems: Sequence[Problem] = ()
    ) -> Response:
        site, centre = self._site(request)
        plan, today = await self._desk.plan(), self._desk.today(site)
        week = week_of(plan, centre, monday or today - timedelta(days=today.weekday()))
        people = sorted({(plan.names[shift.practitioner], shift.practitioner) for shift in plan.at(site)})
        return self._page(
            "week.html",
            problems,
            centre=centre,
            week=week,
            this_week=name_of(today),
            today=today,
            people=people,
            notes=self._notes(site),
            said=_said(said),
        )

    async def _shift(self, request: Request) -> Response:
        site, centre = self._site(request)
        key = _key(request)
        if key is None:
            return await self._shift_page(request, ShiftForm.of({**_hours_of_a_day(), **request.query_params}), None)
        plan = await self._desk.plan()
        try:
            shift = held(plan, site, key).shift
        except PlanError as error:
            return await self._week_page(request, monday=None, problems=error.problems)
        form = ShiftForm.of_shift(shift, plan.names[shift.practitioner], zone_of(centre))
        return await self._shift_page(request, form, key)

    async def _put_shift(self, request: Request) -> Response:
        site, _ = self._site(request)
        form, key = ShiftForm.of(await _fields(request)), _key(request)
        try:
            day = await self._desk.put(site, form, key)
        except PlanError as error:
            return await self._shift_page(request, form, key, error.problems)
        return _to_week(site, day, "saved")

    async def _shift_page(
        self, request: Request, form: ShiftForm, key: Key | None, problems: Sequence[Problem] = ()
    ) -> Response:
        _site, centre = self._site(request)
        names = sorted((await self._desk.plan()).names.values())
        query = "" if key is None else f"?{urlencode({'practitioner': key[0], 'begins': key[1]})}"
        return self._page("shift.html", problems, centre=centre, form=form, names=names, query=query)

    async def _remove_shift(self, request: Request) -> Response:
        site, _ = self._site(request)
        key = _key(request)
        if key is None:
            raise HTTPException(404)
        try:
            day = await self._desk.remove(site, key)
        except PlanError as error:
            return await self._week_page(request, monday=None, problems=error.problems)
        return _to_week(site, day, "removed")

    async def _day(self, request: Request) -> Response:
        site, _ = self._site(request)
        day = _known_day(request)
        special = (await self._desk.plan()).days_at(site)
        form = DayForm.of_day(special[day.isoformat()]) if day.isoformat() in special else DayForm()
        return self._day_page(request, day, form)

    async def _put_day(self, request: Request) -> Response:
        site, _ = self._site(request)
        day, form = _known_day(request), DayForm.of(await _fields(request))
        try:
            await self._desk.set_day(site, day, form)
        except PlanError as error:
            return self._day_page(request, day, form, error.problems)
        return _to_week(site, day, "saved")

    def _day_page(self, request: Request, day: date, form: DayForm, problems: Sequence[Problem] = ()) -> Response:
        return self._page("day.html", problems, centre=self._site(request)[1], day=day, form=form)

    async def _import(self, request: Request) -> Response:
        site, _ = self._site(request)
        async with asyncio.timeout(_BODY_S), request.form(max_files=1, max_fields=1) as form:
            upload = form.get("file")
            data = await upload.read() if isinstance(upload, UploadFile) else b""
        try:
            day, count = await self._desk.take_in(site, data)
        except PlanError as error:
            return await self._week_page(request, monday=None, problems=error.problems)
        return _to_week(site, day, str(count))

    async def _table(self, request: Request) -> Response:
        site, _ = self._site(request)
        return _download((await self._desk.table(site)).encode(), "text/csv; charset=utf-8", f"{site}.csv")

    async def _calendar(self, request: Request) -> Response:
        if "site" in request.path_params:
            site, _ = self._site(request)
            return _download(await self._desk.calendar(site, None), "text/calendar; charset=utf-8", f"{site}.ics")
        who = PractitionerId(request.path_params["practitioner"])
        if who not in (await self._desk.plan()).names:
            raise HTTPException(404)
        return _download(await self._desk.calendar(None, who), "text/calendar; charset=utf-8", f"{who}.ics")

    def _site(self, request: Request) -> tuple[SiteId, SiteSettings]:
        site = SiteId(request.path_params["site"])
        if site not in self._desk.centres:
            raise HTTPException(404)
        return site, self._desk.centres[site]


async def _fields(request: Request) -> Mapping[str, str]:
    async with asyncio.timeout(_BODY_S), request.form(max_files=0, max_fields=20) as form:
        return {name: value for name, value in form.items() if isinstance(value, str)}


def _key(request: Request) -> Key | None:
    """The shift that an address names; None when it names none."""
    practitioner, begins = (request.query_params.get(name, "") for name in ("practitioner", "begins"))
    return (PractitionerId(practitioner), int(begins)) if practitioner and re.fullmatch(r"\d{1,15}", begins) else None


def _known_day(request: Request) -> date:
    try:
        return read_day(request.query_params.get("day", ""))
    except PlanError as error:
        raise HTTPException(404) from error


def _hours_of_a_day() -> dict[str, str]:
    return {"begins": ShiftForm().begins, "ends": ShiftForm().ends}


def _to_week(site: SiteId, day: date, said: str) -> Response:
    return RedirectResponse(f"/staff/plan/{quote(site)}?{urlencode({'week': name_of(day), 'said': said})}", _SEE_OTHER)


def _said(word: str) -> str:
    """What a change that was made is answered with."""
    match word:
        case "saved":
            return "Enregistré."
        case "removed":
            return "La présence est retirée."
        case _ if word.isdecimal() and len(word) < 6:
            return f"Le fichier est importé : {word} présence{'s' if int(word) > 1 else ''}."
        case _:
            return ""


def _download(data: bytes, kind: str, name: str) -> Response:
    return Response(data, headers={"content-type": kind, "content-disposition": f'attachment; filename="{name}"'})
