"""The page of a centre's machines: how each is, what to do there, and how long its paper lasts."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.room.ids import DeviceId, SiteId
from core.room.state import SiteState
from core.wire.messages import Alert, DeviceState, Fleet
from tests.agent.test_figures import TOKEN, open_page, text
from tests.agent.test_pages import Pages

KIOSK = "Borne aubagne-kiosk-1"


@pytest.fixture
def pages() -> Pages:
    pages = Pages(staff=TOKEN)
    pages.show(SiteState())
    return pages


def has(pages: Pages, **devices: DeviceState) -> None:
    fleet = Fleet(devices={DeviceId(f"aubagne-{name.replace('_', '-')}"): state for name, state in devices.items()})
    pages.health = replace(pages.health, fleets={SiteId("aubagne"): fleet})


def reads(pages: Pages) -> str:
    return text(open_page(pages, "/staff/devices/aubagne"))


@pytest.mark.parametrize(
    ("slips_left", "said"),
    [(120, "environ 120 tickets"), (7, "environ 7 tickets"), (0, "plus de papier"), (None, "on ne sait pas")],
)
def test_a_kiosk_says_about_how_many_tickets_its_roll_is_good_for(
    pages: Pages, slips_left: int | None, said: str
) -> None:
    has(pages, kiosk_1=DeviceState(boot=1, role="kiosk", state="ready", version="0.1.0", slips_left=slips_left))

    assert f"{KIOSK} en marche – {said} 0.1.0" in reads(pages)


def test_what_is_to_be_done_stands_beside_the_machine(pages: Pages) -> None:
    low = Alert(code="paper-low", detail="about 40 slips left on the roll; put in a new one")
    help_unheard = Alert(code="help-unheard", detail="<somebody> called for help here")
    kiosk = DeviceState(boot=1, role="kiosk", state="alert", alerts=[low, help_unheard], slips_left=40)
    has(pages, display=DeviceState(boot=1, role="display", state="lost"), kiosk_1=kiosk)

    assert (
        f"{KIOSK} à voir paper-low about 40 slips left on the roll; put in a new one"
        " help-unheard &lt;somebody&gt; called for help here environ 40 tickets –"
        " Grand écran aubagne-display muet – – –"
    ) in reads(pages)


def test_of_a_centre_that_is_away_or_was_never_heard_the_page_says_so(pages: Pages) -> None:
    assert "n’a encore parlé d’aucun appareil" in reads(pages)
    assert "n’est pas connecté" not in reads(pages)

    pages.show(SiteState(), is_online=False)

    assert "n’est pas connecté" in reads(pages)


def test_the_machines_are_the_staffs_alone(pages: Pages) -> None:
    assert pages.get("/staff/devices/aubagne").status_code == 401
    assert open_page(pages, "/staff/devices/nowhere").status_code == 404
