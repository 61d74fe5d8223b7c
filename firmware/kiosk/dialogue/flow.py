"""Where the person in front of the screen is, and how one page takes the place of another.

Rule: pure. Instants are real monotonic seconds and come in as arguments. Whatever one patient chose is forgotten before
the next one.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from core.edge.site import Language, Site
from core.room.ids import ServiceId
from firmware.kiosk.dialogue.look import Look
from firmware.kiosk.dialogue.pages import (
    Page,
    Start,
)
from firmware.kiosk.dialogue.targets import (
    Claim,
)

__all__ = ["SETTLE_S", "Flow", "flow_of", "follow", "forgotten", "home", "shown", "turn"]

SETTLE_S = 0.25
"""A page is deaf for this long after it has appeared: the second tap of a double tap was not meant for it."""
_PLAIN: dict[str, Any] = {"look": Look(), "claim": None, "focus": None}
"""What is forgotten with the patient who chose it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """Where the person in front of the screen is."""

    services: tuple[ServiceId, ...]
    results: tuple[ServiceId, ...] = ()
    """Those of the services that are for people who come back with the result of an exam."""
    asks_name: bool = False
    has_voice: bool = False
    """Whether there is a loudspeaker to listen to."""
    corner_code: str | None = None
    """Opens the technician's corner; None where there is none."""
    home: Language = "fr"
    """What the start page speaks to the next patient."""
    language: Language = "fr"
    page: Page = field(default_factory=Start)
    look: Look = field(default_factory=Look)
    claim: Claim | None = None
    """What the patient has declared."""
    focus: int | None = None
    """Which of the page's choices the single key stands on; None while nobody uses it."""
    appeared_s: float = float("-inf")
    touched_s: float = float("-inf")
    wishes: int = 0


def flow_of(site: Site) -> Flow:
    """The flow of a centre's kiosk, at its start."""
    return Flow(
        services=tuple(ServiceId(one.id) for one in site.offered),
        results=tuple(ServiceId(one.id) for one in site.offered if one.is_result),
        asks_name=site.reception.asks_name,
        corner_code=site.reception.corner_code,
    )


def forgotten(flow: Flow) -> Flow:
    """The flow with nothing left of what the last patient chose."""
    return replace(flow, language=flow.home, **_PLAIN)


def home(flow: Flow, now_s: float, *, keeps_choices: bool = False) -> Flow:
    """Back at the start page."""
    flow = turn(flow, Start(), now_s)
    return flow if keeps_choices else forgotten(flow)


def follow(flow: Flow, page: Page, now_s: float) -> Flow:
    """The same page with something more on it does not go deaf: who types, types quickly."""
    return replace(flow, page=page) if page.kind == flow.page.kind else turn(flow, page, now_s)


def turn(flow: Flow, page: Page, now_s: float) -> Flow:
    """Another page, deaf for its first moment."""
    return replace(flow, page=page, focus=None, appeared_s=now_s)


def shown(flow: Flow, now_s: float) -> Flow:
    """The page can be seen now, and is deaf from here: a touch before it was meant for the page before."""
    return replace(flow, appeared_s=now_s)
