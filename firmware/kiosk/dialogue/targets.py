"""What a finger can be on.

Rule: equal targets do the same, wherever they are drawn.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from core.edge.site import Language
from core.room.ids import ServiceId

__all__ = [
    "Back",
    "Begin",
    "CallHelp",
    "Cell",
    "Choose",
    "ChooseLanguage",
    "Claim",
    "Claims",
    "Clean",
    "Confirm",
    "Declare",
    "Done",
    "Erase",
    "FeelBad",
    "HaveTicket",
    "Key",
    "MoreKeys",
    "NoSlip",
    "OpenCorner",
    "Option",
    "OtherLanguages",
    "PrintNow",
    "Read",
    "Skip",
    "Stay",
    "Target",
    "Toggle",
]

Claim = Literal["card", "courtesy"]
Option = Literal["contrast", "larger", "low", "voice", "volume"]


@dataclass(frozen=True, slots=True)
class Begin:
    """The one large way in."""


@dataclass(frozen=True, slots=True)
class Choose:
    service: ServiceId


@dataclass(frozen=True, slots=True)
class ChooseLanguage:
    language: Language


@dataclass(frozen=True, slots=True)
class Back:
    pass


@dataclass(frozen=True, slots=True)
class Done:
    pass


@dataclass(frozen=True, slots=True)
class HaveTicket:
    """The small way in, for those who have a slip already."""


@dataclass(frozen=True, slots=True)
class NoSlip:
    """Of somebody who is back with a result and has lost theirs."""


@dataclass(frozen=True, slots=True)
class Key:
    sign: str


@dataclass(frozen=True, slots=True)
class Erase:
    pass


@dataclass(frozen=True, slots=True)
class MoreKeys:
    """The next part of a keyboard that has no room as a whole."""


@dataclass(frozen=True, slots=True)
class Confirm:
    """What is typed is complete."""


@dataclass(frozen=True, slots=True)
class Skip:
    """No answer to this question."""


@dataclass(frozen=True, slots=True)
class Claims:
    """The small way to declare what passes before others."""


@dataclass(frozen=True, slots=True)
class Declare:
    claim: Claim | None
    """None takes it back."""


@dataclass(frozen=True, slots=True)
class FeelBad:
    """The way to the warning signs."""


@dataclass(frozen=True, slots=True)
class CallHelp:
    """The one large button below the warning signs."""


@dataclass(frozen=True, slots=True)
class PrintNow:
    """The slip that did not come out, while the printer is well again."""


@dataclass(frozen=True, slots=True)
class OtherLanguages:
    """The way to all languages, where their names have no room on the page itself."""


@dataclass(frozen=True, slots=True)
class Wake:
    """Anywhere on the calm screen that nobody uses."""


@dataclass(frozen=True, slots=True)
class Read:
    """The way to the reading options."""


@dataclass(frozen=True, slots=True)
class Toggle:
    option: Option


@dataclass(frozen=True, slots=True)
class Stay:
    """I am still here."""


@dataclass(frozen=True, slots=True)
class OpenCorner:
    """The centre's name at the top, held for as long as nobody holds it by chance."""


@dataclass(frozen=True, slots=True)
class TryPrinter:
    pass


@dataclass(frozen=True, slots=True)
class TrySpeaker:
    pass


@dataclass(frozen=True, slots=True)
class TryTouch:
    pass


@dataclass(frozen=True, slots=True)
class Clean:
    """Half a minute in which the glass can be wiped."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A field of the touch grid."""

    column: int
    row: int


Target = (
    Begin
    | Choose
    | ChooseLanguage
    | Back
    | Done
    | HaveTicket
    | NoSlip
    | Key
    | Erase
    | MoreKeys
    | Confirm
    | Skip
    | Claims
    | Declare
    | FeelBad
    | CallHelp
    | PrintNow
    | OtherLanguages
    | Wake
    | Read
    | Toggle
    | Stay
    | OpenCorner
    | TryPrinter
    | TrySpeaker
    | TryTouch
    | Clean
    | Cell
)
