"""What all pages of the staff share: French, one frame, and an answer when the database fails them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from importlib.resources import files
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response

from agent.roster.plan import Problem
from agent.store.engine import StoreFault
from agent.web.days import day_name
from agent.web.staff.forms import clock
from agent.web.staff.gate import Handler
from agent.web.staff.words import number

__all__ = ["StaffPaper", "bearing"]

_UNPROCESSABLE, _UNAVAILABLE = 422, 503


class StaffPaper:
    """What every page of the staff is drawn on."""

    def __init__(self, style: str) -> None:
        """
        Args:
            style: address of the style sheet.
        """
        self._templates = Environment(
            loader=FileSystemLoader(str(files("agent.web.staff") / "templates")),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.globals.update(style=style, day_name=_day_name, clock=clock, number=number)

    def page(self, template: str, problems: Sequence[Problem] = (), **values: Any) -> Response:
        """A page; with problems it says that nothing was changed."""
        said = [problem.said("fr") for problem in problems]
        html = self._templates.get_template(template).render(problems=said, **values)
        return HTMLResponse(html, _UNPROCESSABLE if problems else 200)


def bearing(handler: Handler) -> Handler:
    """The handler, where the database or a slow sender may fail it."""

    async def borne(request: Request) -> Response:
        try:
            return await handler(request)
        except StoreFault:
            why = "La base de données n’accepte rien pour l’instant ; rien n’a été changé. Réessayez dans une minute.\n"
            return PlainTextResponse(why, _UNAVAILABLE, {"retry-after": "60"})
        except TimeoutError:
            return PlainTextResponse("L’envoi a duré trop longtemps ; réessayez.\n", 408)

    return borne


def _day_name(day: date, form: str = "EEE d MMM") -> str:
    return day_name(day, "fr", form)
