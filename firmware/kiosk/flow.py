"""What happens on the kiosk's screen: which page follows on which touch, and on no touch at all.

Rule: pure. Instants are real monotonic seconds and come in as arguments; what the office is to do is an errand that
comes out. Whatever one patient chose is forgotten before the next one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Any

from core.edge.site import Language, Site
from core.room.ids import ServiceId
from firmware.kiosk.corner import cleaned, in_corner
from firmware.kiosk.look import Look, toggled
from firmware.kiosk.pages import (
    Birth,
    Calling,
    CallTeam,
    Checked,
    Checking,
    Cleaning,
    Code,
    Corner,
    Declaring,
    Desk,
    Errand,
    Grid,
    Idle,
    Languages,
    Name,
    NotPrinted,
    Page,
    Present,
    PrintAgain,
    Printing,
    Reading,
    Services,
    Signs,
    Start,
    StillThere,
    Taken,
    Typing,
    Wish,
)
from firmware.kiosk.targets import (
    Back,
    Begin,
    CallHelp,
    Choose,
    ChooseLanguage,
    Claim,
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

__all__ = ["IDLE_S", "SETTLE_S", "Flow", "elapsed", "flow_of", "scanned", "touched"]

_SLIP = re.compile(r"(?:^|/t/)([A-Z][0-9]{3}|[A-Za-z0-9_-]{16})$")
"""The number of a slip, or the token at the end of the address in its code."""
SETTLE_S = 0.25
"""A page is deaf for this long after it has appeared: the second tap of a double tap was not meant for it."""
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
_LETTERS = 14
"""Of a first name, at most."""
_CENTURIES = ("19", "20")
_PLAIN: dict[str, Any] = {"look": Look(), "claim": None, "focus": None}
"""What is forgotten with the patient who chose it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """Where the person in front of the screen is."""

    services: tuple[ServiceId, ...]
    results: tuple[ServiceId, ...] = ()
    """Those of the services that are for people who come back with the result of an exam."""
    asks_name: bool = False
    has_voice: bool = True
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


def touched(flow: Flow, target: Target, desk: Desk, now_s: float) -> tuple[Flow, Errand | None]:
    """The flow after a touch, and what it asks of the office, if anything."""
    if now_s - flow.appeared_s < SETTLE_S or isinstance(flow.page, Printing | Checking | Cleaning):
        return flow, None
    flow = replace(flow, touched_s=now_s)
    match flow.page, target:
        case Languages(before), ChooseLanguage(language):
            return _turn(replace(flow, language=language), before, now_s), None
        case _, ChooseLanguage(language):
            return replace(flow, language=language), None
        case Idle(), _:
            return _turn(flow, Start(), now_s), None
        case _, Done():
            return _home(flow, now_s), None
        case (StillThere(before), Stay()) | ((Languages(before) | Reading(before)), Back()):
            return _turn(flow, before, now_s), None
        case Reading(), Toggle(option):
            return replace(flow, look=toggled(flow.look, option)), None
        case page, Read() if not isinstance(page, Reading):
            return _turn(flow, Reading(page), now_s), None
        case page, OtherLanguages() if not isinstance(page, Languages):
            return _turn(flow, Languages(page), now_s), None
        case ((Code() | Corner() | Grid()) as page, _):
            following, errand = in_corner(page, target, flow.corner_code or "", flow.wishes + 1)
            flow = replace(flow, wishes=errand.id if errand else flow.wishes)
            return (_home(flow, now_s) if following is None else _follow(flow, following, now_s)), errand
        case ((Start() | Services() | Declaring()), _):
            return _choosing(flow, target, desk, now_s)
        case ((Typing() | Name() | Birth()), _):
            return _typing(flow, target, now_s)
        case Signs(), CallHelp():
            call = CallTeam(flow.wishes + 1)
            return replace(_turn(flow, Calling(call), now_s), wishes=call.id), call
        case Signs(), Back():
            return _home(flow, now_s, keeps_choices=True), None
        case NotPrinted(number), PrintNow() if desk.can_print_again:
            again = PrintAgain(flow.wishes + 1, number)
            return replace(_turn(flow, Printing(again), now_s), wishes=again.id), again
        case _:
            return flow, None


def scanned(flow: Flow, text: str, now_s: float) -> tuple[Flow, Present | None]:
    """The flow after a code was held before the scanner: the address on a slip, or whatever else patients carry."""
    flow = replace(flow, touched_s=now_s)
    slip = _SLIP.search(text.strip())
    if slip is None or isinstance(flow.page, Printing | Checking | Cleaning):
        return flow, None
    return _present(flow, slip.group(1), now_s)


def elapsed(flow: Flow, desk: Desk, now_s: float) -> Flow:
    """The flow after time has passed and the office has worked."""
    match flow.page:
        case Printing() | Checking() as page:
            answer = desk.answer
            if answer is None or answer.wish != page.wish.id:
                return flow
            return _turn(flow, answer.page, now_s) if answer.page else _home(flow, now_s, keeps_choices=True)
        case Cleaning():
            return _follow(flow, cleaned(now_s - flow.appeared_s), now_s)
        case Calling(wish) if desk.team is not None:
            flow = replace(flow, page=Calling(wish, desk.team))
        case Idle():
            return flow
    alone_s = now_s - max(flow.appeared_s, flow.touched_s)
    if isinstance(flow.page, Start) and flow == replace(flow, language=flow.home, **_PLAIN):
        return _turn(flow, Idle(), now_s) if alone_s >= IDLE_S else flow
    if alone_s < _STAYS_S[flow.page.kind] * (_HEARD if flow.look.voice else 1):
        return flow
    if isinstance(flow.page, Grid):
        return _turn(flow, Corner(), now_s)
    return _home(flow, now_s) if isinstance(flow.page, _TOLD) else _turn(flow, StillThere(flow.page), now_s)


def _choosing(flow: Flow, target: Target, desk: Desk, now_s: float) -> tuple[Flow, Errand | None]:
    """What somebody comes for, and what lets them pass before others."""
    match flow.page, target:
        case _, HaveTicket():
            return _turn(flow, Typing(), now_s), None
        case _, FeelBad():
            return _turn(flow, Signs(), now_s), None
        case Start(), OpenCorner() if flow.corner_code:
            return _turn(flow, Code(), now_s), None
        case Services(), Back():
            return _home(flow, now_s, keeps_choices=True), None
        case _ if not desk.gives_tickets:
            return flow, None
        case Start(), Begin() if len(flow.services) > 1:
            return _turn(flow, Services(), now_s), None
        case Start(), Begin():
            return _chosen(flow, flow.services[0], now_s)
        case Services(), Choose(service):
            return _chosen(flow, service, now_s)
        case ((Start() | Services()), Claims()):
            return _turn(flow, Declaring(), now_s), None
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
            return _to_services(flow, now_s) if with_result else _home(flow, now_s, keeps_choices=True), None
        case (Typing(typed) | Name(typed=typed)) as page, Key(sign):
            return _follow(flow, replace(page, typed=(typed + sign)[:_LETTERS]), now_s), None
        case (Typing(typed) | Name(typed=typed) | Birth(typed=typed)) as page, Erase():
            return _follow(flow, replace(page, typed=typed[:-1]), now_s), None
        case Name(part=part) as page, MoreKeys():
            return _follow(flow, replace(page, part=part + 1), now_s), None
        case Name(service, first_name), Confirm() if first_name:
            return _turn(flow, Birth(service, first_name), now_s), None
        case Name(service), Skip():
            return _wish(flow, service, now_s)
        case Name(), Back():
            return _to_services(flow, now_s), None
        case Birth(service, first_name), Skip():
            return _wish(flow, service, now_s, first_name=first_name)
        case Birth(service, first_name), Back():
            return _turn(flow, Name(service, first_name), now_s), None
        case Birth(service, first_name, typed) as page, Key(sign):
            year = typed + sign
            if not any(century.startswith(year[:2]) for century in _CENTURIES):
                return flow, None
            if len(year) < len("1950"):
                return _follow(flow, replace(page, typed=year), now_s), None
            return _wish(flow, service, now_s, first_name=first_name, born=int(year))
        case _:
            return flow, None


def _chosen(flow: Flow, service: ServiceId, now_s: float) -> tuple[Flow, Errand | None]:
    """Who is back with a result shows the slip of the first visit instead of taking a second one."""
    if service in flow.results:
        return _turn(flow, Typing(with_result=True), now_s), None
    return _asked(flow, service, now_s)


def _asked(flow: Flow, service: ServiceId, now_s: float) -> tuple[Flow, Errand | None]:
    return (_turn(flow, Name(service), now_s), None) if flow.asks_name else _wish(flow, service, now_s)


def _wish(
    flow: Flow, service: ServiceId, now_s: float, *, first_name: str = "", born: int | None = None
) -> tuple[Flow, Wish]:
    wish = Wish(flow.wishes + 1, service, flow.language, flow.claim, first_name, born)
    return replace(_turn(flow, Printing(wish), now_s), wishes=wish.id), wish


def _present(flow: Flow, slip: str, now_s: float) -> tuple[Flow, Present]:
    with_result = isinstance(flow.page, Typing) and flow.page.with_result
    wish = Present(flow.wishes + 1, slip, flow.language, with_result)
    return replace(_turn(flow, Checking(wish), now_s), wishes=wish.id), wish


def _to_services(flow: Flow, now_s: float) -> Flow:
    return _turn(flow, Services() if len(flow.services) > 1 else Start(), now_s)


def _home(flow: Flow, now_s: float, *, keeps_choices: bool = False) -> Flow:
    flow = _turn(flow, Start(), now_s)
    return flow if keeps_choices else replace(flow, language=flow.home, **_PLAIN)


def _follow(flow: Flow, page: Page, now_s: float) -> Flow:
    """The same page with something more on it does not go deaf: who types, types quickly."""
    return replace(flow, page=page) if page.kind == flow.page.kind else _turn(flow, page, now_s)


def _turn(flow: Flow, page: Page, now_s: float) -> Flow:
    return replace(flow, page=page, focus=None, appeared_s=now_s)
