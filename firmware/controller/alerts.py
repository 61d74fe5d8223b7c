"""What of the day a person outside the centre should know, as alerts of the controller.

Rule: pure, and the same day gives the same alerts: a health that differs is told again.
"""

from __future__ import annotations

from core.room.passage import Policy
from core.room.roster import Doubt, doubts
from core.room.state import SiteState
from core.room.transitions import TicketState
from core.wire.messages import Alert

__all__ = ["alerts_of"]


def alerts_of(state: SiteState, policy: Policy, now_ms: int) -> list[Alert]:
    """The alerts of a day.

    Args:
        policy: what may be decided by at this hour (`Sequencer.policy_now`).
    """
    doubtful = [one.number for one in state.tickets.values() if one.state is TicketState.TO_CONFIRM]
    open_questions = doubts(state, policy.roster, now_ms, policy)
    missing = [_about(one, policy) for one in open_questions if one.kind == "missing"]
    past_end = [_about(one, policy) for one in open_questions if one.kind == "past-end"]
    details = {
        "report-refused": f"{state.refused} today" if state.refused else "",
        "tickets-to-confirm": f"{len(doubtful)} slips: {' '.join(doubtful)}" if doubtful else "",
        "doctor-missing": f"planned and not on duty: {', '.join(missing)}" if missing else "",
        "duty-past-end": f"on duty past the end: {', '.join(past_end)}" if past_end else "",
    }
    return [Alert(code=code, detail=detail) for code, detail in details.items() if detail]


def _about(doubt: Doubt, policy: Policy) -> str:
    name = policy.roster.names.get(doubt.practitioner)
    return f"{name} in {doubt.room}" if name else f"somebody in {doubt.room}"
