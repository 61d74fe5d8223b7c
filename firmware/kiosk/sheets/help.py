"""The warning signs and the call for help.

Rule: nothing here weighs one sign against another; a person decides. That the team knows is said only when a room has
said so, and that somebody comes only when somebody has answered.
"""

from __future__ import annotations

from core.edge.language import in_language
from core.edge.site import Language, Site
from firmware.kiosk.dialogue.errands import Team
from firmware.kiosk.dialogue.targets import Back, CallHelp, Done
from firmware.kiosk.sheets.parts import Button, Sheet, words

__all__ = ["calling_sheet", "signs_sheet"]

_NUMBERS = "15\u00a0·\u00a0112\u00a0·\u00a0114"


def signs_sheet(language: Language, site: Site) -> Sheet:
    """The signs that a doctor of the centre has signed, or the usual ones."""
    own = site.warning
    usual = ("sign-chest", "sign-breathing", "sign-stroke", "sign-bleeding", "sign-infant")
    return Sheet(
        language=language,
        title=words(language, "signs-title"),
        points=tuple(in_language(one, language) for one in own.signs)
        if own
        else tuple(words(language, one) for one in usual),
        has_all_points=True,
        eyebrow=words(language, "signs-signed", who=own.signed_by) if own else "",
        main=Button(words(language, "call-team"), CallHelp(), "help"),
        way_out=Button(words(language, "back"), Back(), "back"),
    )


def calling_sheet(language: Language, team: Team) -> Sheet:
    """How far the call has come."""
    is_alone = team == "unheard"
    return Sheet(
        language=language,
        title=words(language, f"team-{team}"),
        number=_NUMBERS if is_alone else "",
        note=words(language, "help-numbers") if is_alone else "",
        eyebrow=words(language, "ask-around") if is_alone else "",
        body="" if team in ("asked", "unheard") else words(language, "hang-on"),
        way_out=Button(words(language, "done"), Done(), "done"),
    )
