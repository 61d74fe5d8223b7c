"""What the centre's file says of services and rooms, and what it refuses."""

from __future__ import annotations

from pathlib import Path

import pytest
import tomli_w

from core.edge.config import ConfigError, load
from core.edge.site import Site

CONSULTATION = {"id": "consultation", "name": {"fr": "Consultation"}}
CARE = {"id": "care", "name": {"fr": "Soins"}, "is_care": True}
OFFICE, CARE_ROOM = {"id": "room-1", "label": "1"}, {"id": "room-3", "label": "3", "services": ["care"]}


def read(tmp_path: Path, **tables: object) -> Site:
    file = tmp_path / "centre.toml"
    site = {"id": "aubagne", "name": "Centre d’Aubagne", "public_url": "https://file.example"}
    file.write_text(tomli_w.dumps(site | tables))
    return load(file, Site)


def test_a_kiosk_offers_every_service_but_those_that_only_a_doctor_sends_to(tmp_path: Path) -> None:
    site = read(tmp_path, services=[CONSULTATION, CARE], rooms=[OFFICE, CARE_ROOM])

    assert [service.id for service in site.offered] == ["consultation"]


def test_a_centre_without_an_opening_table_has_no_hours(tmp_path: Path) -> None:
    assert read(tmp_path, services=[CONSULTATION], rooms=[OFFICE]).opening is None


@pytest.mark.parametrize(
    ("tables", "sentence"),
    [
        (
            {"services": [CARE], "rooms": [CARE_ROOM]},
            "every service has is_care = true; give the kiosk one to offer",
        ),
        (
            {"services": [CONSULTATION], "rooms": [OFFICE, CARE_ROOM]},
            "room 'room-3' is there for 'care'; give it services of ['consultation']",
        ),
        (
            {"services": [CONSULTATION, CARE], "rooms": [OFFICE]},
            "no room is there for 'care'; name it in the services of one",
        ),
        (
            {"services": [CONSULTATION], "rooms": [OFFICE | {"services": []}]},
            "rooms.0.services = []: List should have at least 1 item",
        ),
        (
            {"services": [CONSULTATION], "rooms": [OFFICE], "opening": {"every_dya": "09:00-22:00"}},
            "opening.every_dya = '09:00-22:00': no such key; did you mean 'every_day'?",
        ),
    ],
)
def test_a_centre_in_which_somebody_would_wait_in_vain_is_refused(
    tmp_path: Path, tables: dict[str, object], sentence: str
) -> None:
    with pytest.raises(ConfigError) as refused:
        read(tmp_path, **tables)

    assert sentence in str(refused.value)
