"""A centre's own words, measured on its panel while nobody is there."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from core.edge.reception import WarningTable
from core.edge.site import Site
from firmware.drivers.panel import Panel, make_panel
from firmware.drivers.panel.settings import DummyPanelSettings
from firmware.kiosk.dialogue.flow import flow_of
from firmware.kiosk.drawing.proof import Proof
from firmware.kiosk.drawing.sizes import Sizes
from tests.firmware.kiosk.pages import PANELS, SITE

LONG = "Consultation sans rendez-vous pour une douleur récente"
MANY = "Une douleur dans la poitrine qui serre, qui dure, ou qui gagne le bras et la mâchoire"
_PAGES = 8
"""Services and signs in four languages."""


@pytest.fixture
def small() -> Iterator[Panel]:
    width, height, width_mm = PANELS["800x480"]
    panel = make_panel(DummyPanelSettings(driver="dummy", width=width, height=height, width_mm=width_mm))
    yield panel
    panel.close()


def proof(panel: Panel, site: Site) -> Proof:
    return Proof(flow_of(site), site, Sizes(panel))


def measured(panel: Panel, site: Site) -> Proof:
    whole = proof(panel, site)
    for _ in range(_PAGES + 1):
        whole.go_on()
    return whole


def called(name: str) -> Site:
    first = SITE.services[0].model_copy(update={"name": {"fr": name}})
    return SITE.model_copy(update={"services": [first, *SITE.services[1:]]})


def test_words_that_have_room_raise_no_alert(small: Panel) -> None:
    assert measured(small, SITE).alerts == ()


def test_a_service_with_a_name_too_long_is_named_in_an_alert_that_says_what_to_do(small: Panel) -> None:
    (alert,) = measured(small, called(LONG)).alerts

    assert alert.code == "text-too-small"
    assert LONG in alert.detail
    assert "shorten it" in alert.detail


def test_so_are_warning_signs(small: Panel) -> None:
    warning = WarningTable(signs=[{"fr": MANY}, {"fr": "Mal à respirer"}, {"fr": MANY.upper()}], signed_by="Dr Vallon")

    (alert,) = measured(small, SITE.model_copy(update={"warning": warning})).alerts

    assert MANY in alert.detail


def test_nothing_is_measured_before_anybody_asks_for_it(small: Panel) -> None:
    assert proof(small, called(LONG)).alerts == ()
