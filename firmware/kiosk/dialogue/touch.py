"""What follows on a touch, or on a code held before the scanner.

Rule: pure; what the office is to do is an errand that comes out.
"""

from __future__ import annotations

import re
from dataclasses import replace

from core.room.ids import ServiceId
from firmware.kiosk.dialogue.corner import in_corner
from firmware.kiosk.dialogue.desk import Desk
from firmware.kiosk.dialogue.errands import CallTeam, Errand, Present, PrintAgain, Wish
from firmware.kiosk.dialogue.flow import SETTLE_S, Flow, follow, home, turn
from firmware.kiosk.dialogue.look import toggled
from firmware.kiosk.dialogue.pages import (
    Birth,
    Calling,
    Checking,
    Cleaning,
    Code,
    Corner,
    Declaring,
    Grid,
    Idle,
    Languages,
    Name,
    NotPrinted,
    Printing,
    Reading,
    Services,
    Signs,
    Start,
    StillThere,
    Typing,
)
from firmware.kiosk.dialogue.targets import (
    Back,
    Begin,
    CallHelp,
    Choose,
    ChooseLanguage,
    Claims,
    Confirm,
    Declare,
    Done,
    Erase,
    FeelBad,
    HaveTicket,
    Key,
    MoreKeys,
    NoSlip,
    OpenCorner,
    OtherLanguages,
    PrintNow,
    Read,
    Skip,
    Stay,
    Target,
    Toggle,
)

__all__ = ["scanned", "touched"]

_SLIP = re.compile(r"(?:^|/t/)([A-Z][0-9]{3}|[A-Za-z0-9_-]{16})$")
"""The number of a slip, or the token at the end of the address in its code."""
_LETTERS = 14
"""Of a first name, at most."""
_CENTURIES = ("19", "20")


def touched(flow: Flow, target: Target, desk: Desk, now_s: float) -> tuple[Flow, Errand | None]:
    """The flow after a touch, and what it asks of the office, if anything."""
    if now_s - flow.appeared_s < SETTLE_S or isinstance(flow.page, Printing | Checking | Cleaning):
        return flow, None
    flow = replace(flow, touched_s=now_s)
    match flow.page, target:
        case Languages(before), ChooseLanguage(language):
            return turn(replace(flow, language=language), before, now_s), None
        case _, ChooseLanguage(language):
            return replace(flow, language=language), None
        case Idle(), _:
            return turn(flow, Start(), now_s), None
        case _, Done():
            return home(flow, now_s), None
        case (StillThere(before), Stay()) | ((Languages(before) | Reading(before)), Back()):
            return turn(flow, before, now_s), None
        case (Reading(), Toggle(option)) | (_, Toggle("voice" as option)):
            return replace(flow, look=toggled(flow.look, option)), None
        case page, Read() if not isinstance(page, Reading):
            return turn(flow, Reading(page), now_s), None
        case page, OtherLanguages() if not isinstance(page, Languages):
            return turn(flow, Languages(page), now_s), None
        case ((Code() | Corner() | Grid()) as page, _):
            following, errand = in_corner(page, target, flow.corner_code or "", flow.wishes + 1)
            flow = replace(flow, wishes=errand.id if errand else flow.wishes)
            return (home(flow, now_s) if following is None else follow(flow, following, now_s)), errand
        case ((Start() | Services() | Declaring()), _):
            return _choosing(flow, target, desk, now_s)
        case ((Typing() | Name() | Birth()), _):
            return _typing(flow, target, now_s)
        case Signs(), CallHelp():
            call = CallTeam(flow.wishes + 1)
            return replace(turn(flow, Calling(call), now_s), wishes=call.id), call
        case Signs(), Back():
            return home(flow, now_s, keeps_choices=True), None
        case NotPrinted(number), PrintNow() if desk.can_print_again:
            again = PrintAgain(flow.wishes + 1, number)
            return replace(turn(flow, Printing(again), now_s), wishes=again.id), again
        case _:
            return flow, None


def scanned(flow: Flow, text: str, now_s: float) -> tuple[Flow, Present | None]:
    """The flow after a code was held before the scanner: the address on a slip, or whatever else patients carry."""
    flow = replace(flow, touched_s=now_s)
    slip = _SLIP.search(text.strip())
    if slip is None or isinstance(flow.page, Printing | Checking | Cleaning):
        return flow, None
    return _present(flow, slip.group(1), now_s)


def _choosing(flow: Flow, target: Target, desk: Desk, now_s: float) -> tuple[Flow, Errand | None]:
    """What somebody comes for, and what lets them pass before others."""
    match flow.page, target:
        case _, HaveTicket():
            return turn(flow, Typing(), now_s), None
        case _, FeelBad():
            return turn(flow, Signs(), now_s), None
        case Start(), OpenCorner() if flow.corner_code:
            return turn(flow, Code(), now_s), None
        case Services(), Back():
            return home(flow, now_s, keeps_choices=True), None
        case _ if not desk.gives_tickets:
            return flow, None
        case Start(), Begin() if len(flow.services) > 1:
            return turn(flow, Services(), now_s), None
        case Start(), Begin():
            return _chosen(flow, flow.services[0], now_s)
        case Services(), Choose(service):
            return _chosen(flow, service, now_s)
        case ((Start() | Services()), Claims()):
            return turn(flow, Declaring(), now_s), None
        case Declaring(), Declare(claim):
            return _to_services(replace(flow, claim=claim), now_s), None
        case Declaring(), Back():
            return _to_services(flow, now_s), None
        case _:
            return flow, None


def _typing(flow: Flow, target: Target, now_s: float) -> tuple[Flow, Errand | None]:
    """The number of a slip, a first name, a year of birth."""
    match flow.page, target:
        case Typing(typed), Key(sign) if len(typed) + 1 == len("A001"):
            return _present(flow, typed + sign, now_s)
        case Typing(with_result=True), NoSlip():
            ordinary = next((one for one in flow.services if one not in flow.results), flow.services[0])
            return _asked(flow, ordinary, now_s)
        case Typing(with_result=with_result), Back():
            return _to_services(flow, now_s) if with_result else home(flow, now_s, keeps_choices=True), None
        case (Typing(typed) | Name(typed=typed)) as page, Key(sign):
            return follow(flow, replace(page, typed=(typed + sign)[:_LETTERS]), now_s), None
        case (Typing(typed) | Name(typed=typed) | Birth(typed=typed)) as page, Erase():
            return follow(flow, replace(page, typed=typed[:-1]), now_s), None
        case Name(part=part) as page, MoreKeys():
            return follow(flow, replace(page, part=part + 1), now_s), None
        case Name(service, first_name), Confirm() if first_name:
            return turn(flow, Birth(service, first_name), now_s), None
        case Name(service), Skip():
            return _wish(flow, service, now_s)
        case Name(), Back():
            return _to_services(flow, now_s), None
        case Birth(service, first_name), Skip():
            return _wish(flow, service, now_s, first_name=first_name)
        case Birth(service, first_name), Back():
            return turn(flow, Name(service, first_name), now_s), None
        case Birth(service, first_name, typed) as page, Key(sign):
            year = typed + sign
            if not any(century.startswith(year[:2]) for century in _CENTURIES):
                return flow, None
            if len(year) < len("1950"):
                return follow(flow, replace(page, typed=year), now_s), None
            return _wish(flow, service, now_s, first_name=first_name, born=int(year))
        case _:
            return flow, None


def _chosen(flow: Flow, service: ServiceId, now_s: float) -> tuple[Flow, Errand | None]:
    """Who is back with a result shows the slip of the first visit instead of taking a second one."""
    if service in flow.results:
        return turn(flow, Typing(with_result=True), now_s), None
    return _asked(flow, service, now_s)


def _asked(flow: Flow, service: ServiceId, now_s: float) -> tuple[Flow, Errand | None]:
    return (turn(flow, Name(service), now_s), None) if flow.asks_name else _wish(flow, service, now_s)


def _wish(
    flow: Flow, service: ServiceId, now_s: float, *, first_name: str = "", born: int | None = None
) -> tuple[Flow, Wish]:
    wish = Wish(flow.wishes + 1, service, flow.language, flow.claim, first_name, born)
    return replace(turn(flow, Printing(wish), now_s), wishes=wish.id), wish


def _present(flow: Flow, slip: str, now_s: float) -> tuple[Flow, Present]:
    with_result = isinstance(flow.page, Typing) and flow.page.with_result
    wish = Present(flow.wishes + 1, slip, flow.language, with_result)
    return replace(turn(flow, Checking(wish), now_s), wishes=wish.id), wish


def _to_services(flow: Flow, now_s: float) -> Flow:
    return turn(flow, Services() if len(flow.services) > 1 else Start(), now_s)
