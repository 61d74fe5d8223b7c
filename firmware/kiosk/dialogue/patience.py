"""What follows on no touch at all, and on what the office has done.

Rule: pure. What was begun is asked for before it is forgotten (WCAG 2.2.1).
"""

from __future__ import annotations

from dataclasses import replace

from firmware.kiosk.dialogue.corner import cleaned
from firmware.kiosk.dialogue.desk import Desk
from firmware.kiosk.dialogue.flow import Flow, follow, forgotten, home, turn
from firmware.kiosk.dialogue.pages import (
    Calling,
    Checked,
    Checking,
    Cleaning,
    Code,
    Corner,
    Grid,
    Idle,
    Printing,
    Start,
    StillThere,
    Taken,
)

__all__ = ["IDLE_S", "elapsed"]

_WARN_S = 20.0
"""From the question whether somebody is still there to the start page (WCAG 2.2.1 names 20 s as the least)."""
_STAYS_S = {
    "start": 60.0,
    "services": 30.0,
    "declaring": 30.0,
    "name": 45.0,
    "birth": 45.0,
    "taken": 10.0,
    "not-printed": 120.0,
    "typing": 30.0,
    "checked": 20.0,
    "signs": 60.0,
    "calling": 180.0,
    "reading": 45.0,
    "languages": 30.0,
    "still-there": _WARN_S,
    "code": 20.0,
    "corner": 300.0,
    "grid": 10.0,
}
"""How long a page waits for a touch."""
_HEARD = 3
"""So many times longer with the voice on: to read a page and its choices aloud takes it half a minute."""
IDLE_S = 600.0
"""After this long without anybody the start page makes room for a calm one."""
_TOLD = (Taken, Checked, Calling, StillThere, Code, Corner)
"""They leave without a warning: nothing that was begun is lost."""


def elapsed(flow: Flow, desk: Desk, now_s: float) -> Flow:
    """The flow after time has passed and the office has worked."""
    match flow.page:
        case Printing() | Checking() as page:
            answer = desk.answer
            if answer is None or answer.wish != page.wish.id:
                return flow
            return turn(flow, answer.page, now_s) if answer.page else home(flow, now_s, keeps_choices=True)
        case Cleaning():
            return follow(flow, cleaned(now_s - flow.appeared_s), now_s)
        case Calling(wish) if desk.team is not None:
            flow = replace(flow, page=Calling(wish, desk.team))
        case Idle():
            return flow
    alone_s = now_s - max(flow.appeared_s, flow.touched_s)
    if isinstance(flow.page, Start) and flow == forgotten(flow):
        return turn(flow, Idle(), now_s) if alone_s >= IDLE_S else flow
    if alone_s < _STAYS_S[flow.page.kind] * (_HEARD if flow.look.voice else 1):
        return flow
    if isinstance(flow.page, Grid):
        return turn(flow, Corner(), now_s)
    return home(flow, now_s) if isinstance(flow.page, _TOLD) else turn(flow, StillThere(flow.page), now_s)
