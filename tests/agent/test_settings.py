"""The agent's file."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent.settings import load_agent
from core.edge.config import ConfigError

_CENTRE = '\n[[sites]]\nid = "trets"\nname = "Centre de Trets"\n'


def test_relative_paths_are_taken_from_the_folder_of_the_file(agent_file: Path) -> None:
    settings = load_agent(agent_file)

    assert settings.store.url == f"sqlite:///{agent_file.parent}/agent.db"
    assert settings.data == agent_file.parent / "data"
    assert settings.link.key.is_file()


def test_an_absolute_path_and_another_database_stay_as_they_are(agent_file: Path) -> None:
    for url in ("sqlite:////var/lib/borne/agent.db", "postgresql://db.example/borne"):
        agent_file.write_text(agent_file.read_text().replace("sqlite:///agent.db", url))
        assert load_agent(agent_file).store.url == url
        agent_file.write_text(agent_file.read_text().replace(url, "sqlite:///agent.db"))


def test_two_centres_with_one_id_are_refused(agent_file: Path) -> None:
    agent_file.write_text(agent_file.read_text() + _CENTRE + _CENTRE)
    with pytest.raises(ConfigError, match="two centres are called 'trets'"):
        load_agent(agent_file)


def test_a_time_zone_that_does_not_exist_is_refused(agent_file: Path) -> None:
    agent_file.write_text(agent_file.read_text() + _CENTRE + 'timezone = "Europe/Trets"\n')
    with pytest.raises(ConfigError, match="no such time zone; give one like Europe/Paris"):
        load_agent(agent_file)


@pytest.mark.parametrize(
    ("place", "reason"),
    [
        ("{ latitude = 43.2927 }", r"place\.longitude is missing; add it"),
        (
            "{ latitude = 143.2927, longitude = 5.5703 }",
            r"latitude = 143\.2927: Input should be less than or equal to 90",
        ),
        ("{ latitude = nan, longitude = 5.5703 }", r"latitude = nan: Input should be"),
        ("{ latitude = 43.2927, longtitude = 5.5703 }", r"did you mean 'longitude'\?"),
    ],
)
def test_half_a_place_or_one_that_is_nowhere_is_refused(agent_file: Path, place: str, reason: str) -> None:
    agent_file.write_text(f"{agent_file.read_text()}{_CENTRE}place = {place}\n")
    with pytest.raises(ConfigError, match=reason):
        load_agent(agent_file)
