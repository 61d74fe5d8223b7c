"""What whoever plans a centre should know of it now: doctors who are not where the plan has them, and silence. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from agent.view import SiteView
from core.wire.messages import Fleet

__all__ = ["notes_of"]

_DOCTORS = {
    "doctor-missing": "Prévu et pas encore là",
    "duty-past-end": "Toujours là après la fin prévue",
}
"""By code of the controller's alert."""


def notes_of(view: SiteView | None, fleet: Fleet | None) -> list[str]:
    """
    Args:
        fleet: the centre's devices as last heard.
    """
    return list(_notes(view, fleet))


def _notes(view: SiteView | None, fleet: Fleet | None) -> Iterator[str]:
    if view is None or not view.is_online:
        yield "Le centre n’est pas connecté : il recevra le planning à son retour."
        return
    for device in fleet.devices.values() if fleet else ():
        for alert in device.alerts:
            if alert.code in _DOCTORS:
                yield f"{_DOCTORS[alert.code]} : {alert.detail}"
