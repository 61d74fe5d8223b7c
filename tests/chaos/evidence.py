"""What a run leaves behind, as the invariants are held against it. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.room.events import Event, Record
from core.room.ids import Number
from core.room.state import SiteState
from core.wire.messages import Report
from tests.chaos.reading import PaperSlip
from tests.chaos.schedule import Blow
from tests.chaos.tape import Entry

__all__ = ["Evidence", "KioskDisk", "Sight"]


@dataclass(frozen=True, kw_only=True)
class Sight:
    """The big screen at one moment."""

    at_s: float
    calls: tuple[tuple[Number, str], ...]
    """Number and label of the room, newest first."""
    is_stale: bool
    """It says that it may be old, or has just been switched on."""


@dataclass(frozen=True, kw_only=True)
class KioskDisk:
    """A kiosk's own journal."""

    disk: str
    first: int
    reports: Sequence[Report]


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """What the invariants are held against."""

    tape: Sequence[Entry]
    blows: Sequence[Blow]
    slips: Sequence[PaperSlip]
    boards: Sequence[Sight]
    labels: Mapping[str, str]
    """Of the rooms, by id."""
    kiosks: Mapping[str, KioskDisk]
    records: Sequence[Record[Event]]
    """The site's journal."""
    bodies: Sequence[bytes]
    state: SiteState
    """What it folds to."""
    stored: Mapping[int, str]
    """The agent's store, by `seq`."""
    stored_upto: int
    stored_state: SiteState | None
    healed_after_s: float | None
    """Until the network's picture was the centre's; None when it never was."""
    last_lamps: Mapping[str, str]
    last_page: Mapping[str, object]
    deaths: Mapping[str, int]
    """Processes killed by the storm, crash points included."""
    restarts: Mapping[str, int]
    dead: Sequence[str]
    """Processes that were not up in the end."""
    not_passed: Mapping[str, Sequence[str]]
    """Crash points that nobody came by."""
    complaints: Sequence[str]
    """Tracebacks and the like in the processes' logs."""
