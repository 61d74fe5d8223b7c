"""The way through the pages by one key: which choice it stands on, and what is chosen.

The first gesture only turns the voice on. Then each press goes on to the next choice in reading order, and from the
last one back to the page itself, which is read again.

Rule: pure; a choice is a touch on it, and means what a touch would mean.
"""

from __future__ import annotations

from dataclasses import replace

from firmware.kiosk.dialogue.desk import Desk
from firmware.kiosk.dialogue.errands import Errand
from firmware.kiosk.dialogue.flow import Flow
from firmware.kiosk.dialogue.targets import Toggle
from firmware.kiosk.dialogue.touch import touched
from firmware.kiosk.guidance.key import Gesture
from firmware.kiosk.guidance.speech import stops
from firmware.kiosk.sheets.parts import Sheet

__all__ = ["keyed"]


def keyed(flow: Flow, gesture: Gesture, sheet: Sheet, desk: Desk, now_s: float) -> tuple[Flow, Errand | None]:
    """The flow after a gesture, and what it asks of the office, if anything.

    Args:
        sheet: of the page that is shown.
    """
    if sheet.anywhere is not None:
        flow, _ = touched(flow, sheet.anywhere, desk, now_s)
    if not flow.look.voice:
        return replace(flow, look=replace(flow.look, voice=True), focus=None, touched_s=now_s), None
    if gesture is Gesture.NEXT:
        ahead = (at for at in stops(sheet, flow.page) if flow.focus is None or at > flow.focus)
        return replace(flow, focus=next(ahead, None), touched_s=now_s), None
    if flow.focus is None or flow.focus >= len(sheet.controls):
        return replace(flow, focus=None, touched_s=now_s), None
    target = sheet.controls[flow.focus].target
    after, errand = touched(flow, target, desk, now_s)
    return (after if isinstance(target, Toggle) else replace(after, focus=None)), errand
