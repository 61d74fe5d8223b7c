"""The agent's file: which broker it reads, where it stores, where it serves, what the centres are called."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import Field, SecretStr, StringConstraints, field_validator

from core.edge.clock import ClockSettings, SystemClockSettings
from core.edge.config import Settings, load
from core.edge.link import LinkSettings
from core.edge.opening import OpeningTable
from core.edge.place import Place
from core.wire.identity import Id

__all__ = ["AgentFile", "SiteSettings", "StaffSettings", "StoreSettings", "WebSettings", "load_agent"]

Origin = Annotated[str, StringConstraints(pattern=r"^https?://[^/]+$")]
_SQLITE = "sqlite:///"


class StoreSettings(Settings):
    """The `[store]` table."""

    url: str = f"{_SQLITE}agent.db"
    """An SQLAlchemy address; the path of an SQLite file is taken from the folder of the agent's file."""

    @field_validator("url")
    @classmethod
    def _is_supported(cls, value: str) -> str:
        if not value.startswith((_SQLITE, "postgresql")):
            raise ValueError("no such kind of database; give sqlite:///FILE or postgresql://USER@HOST/NAME")
        return value


class WebSettings(Settings):
    """The `[web]` table."""

    host: str
    port: Annotated[int, Field(ge=0, lt=65536)]
    public_url: Origin
    """What phones open; a proxy usually stands before `host:port`."""
    max_live: Annotated[int, Field(gt=0)] = 10_000
    """Live pages held at once; the next one is told to poll instead."""


class StaffSettings(Settings):
    """The `[staff]` table: who may change the plan."""

    token: Annotated[SecretStr, Field(min_length=16, max_length=200)]
    """What a browser is asked for as the password; the user's name does not matter."""


class SiteSettings(Settings):
    """A `[[sites]]` table: what a centre does not tell of itself.

    One that is heard but not named here goes by its id, and is named to no other.
    """

    id: Id
    name: Annotated[str, StringConstraints(min_length=1, max_length=40)]
    timezone: str = "Europe/Paris"
    rooms: dict[Id, Annotated[str, StringConstraints(min_length=1, max_length=4)]] = Field(default_factory=dict)
    """What stands on each door after the word for room: `{ room-2 = "2" }`."""
    place: Place | None = None
    """Where it is; the pages and the other centres name the ones nearby. None where nobody has said."""
    opening: OpeningTable | None = None
    """The same hours as in the centre's own file; None where none are known."""

    @field_validator("timezone")
    @classmethod
    def _is_a_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (KeyError, ValueError) as error:
            raise ValueError("no such time zone; give one like Europe/Paris") from error
        return value


class AgentFile(Settings):
    """`agent.toml`."""

    link: LinkSettings
    """The central broker; the certificate's name is `agent`."""
    store: StoreSettings = Field(default_factory=StoreSettings)
    web: WebSettings
    clock: ClockSettings = Field(default_factory=SystemClockSettings)
    data: Path = Path("data")
    """Folder of the boot counter."""
    staff: StaffSettings | None = None
    """Without it the staff's pages say that they are off."""
    sites: list[SiteSettings] = Field(default_factory=list)

    @field_validator("sites")
    @classmethod
    def _are_told_apart(cls, sites: list[SiteSettings]) -> list[SiteSettings]:
        ids = [site.id for site in sites]
        doubled = {one for one in ids if ids.count(one) > 1}
        if doubled:
            raise ValueError(f"two centres are called {doubled.pop()!r}; give each its own id")
        return sites


def load_agent(path: Path) -> AgentFile:
    """Read the agent's file; relative paths are taken from its folder.

    Raises:
        ConfigError: the file is absent, or holds a wrong key or value.
    """
    settings = load(path, AgentFile)
    folder = path.resolve().parent
    url = settings.store.url
    if url.startswith(_SQLITE):
        url = f"{_SQLITE}{folder / url.removeprefix(_SQLITE)}"
    moved = {"link": settings.link.beside(folder), "store": StoreSettings(url=url), "data": folder / settings.data}
    return settings.model_copy(update=moved)
