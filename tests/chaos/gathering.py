"""Gathers the evidence after healing: tape, paper, screens, and what lies on the disks."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from agent.store.store import Store
from borne.demo.stage import SITE, Stage
from borne.demo.watch import Watch, read_only
from core.room.ids import SiteId
from core.wire.coding import decode_report
from firmware.drivers.printer.profiles import profile
from tests.chaos.centre import Centre
from tests.chaos.evidence import Evidence, KioskDisk, Sight
from tests.chaos.reading import BoardReader, SlipReader
from tests.chaos.schedule import Blow
from tests.chaos.tape import Entry, read_tape

__all__ = ["gather", "is_whole"]

_PROFILE = "epson-tm-t20iii"


def is_whole(stage: Stage, site: Watch) -> bool:
    """Whether all that the kiosks and the centre have is with the agent."""
    site.look()
    if not site.epoch or any(
        site.state.reported.get(one.disk, 0) != one.first - 1 + len(one.reports) for one in _kiosks(stage).values()
    ):
        return False
    with Store(f"sqlite:///{stage.tree.agent / 'agent.db'}") as store:
        stream = store.stream(SiteId(SITE), site.epoch)
    return stream is not None and (stream.upto, stream.state) == (site.seq, site.state)


def gather(centre: Centre, blows: Sequence[Blow], *, healed_after_s: float | None, dead: Sequence[str]) -> Evidence:
    """Read everything, once all processes have been stopped."""
    stage = centre.stage
    tape = list(read_tape(stage.out / "tape.jsonl"))
    slips = SlipReader(stage.site.name, profile(_PROFILE))
    with closing(Watch(stage.journal)) as site:
        site.look()
    with Store(f"sqlite:///{stage.tree.agent / 'agent.db'}") as store:
        stream = store.stream(SiteId(SITE), site.epoch)
        stored = store.bodies(SiteId(SITE), site.epoch, first=0, last=2**62)
    pages = [entry.what["told"] for entry in tape if entry.kind == "page"]
    return Evidence(
        tape=tape,
        blows=blows,
        slips=[slips.read(file) for file in sorted(stage.slips.rglob("*.bin"))],
        boards=list(_sights(centre, tape)),
        labels={room.id: room.label for room in stage.site.rooms},
        kiosks=_kiosks(stage),
        records=site.records,
        bodies=site.bodies,
        state=site.state,
        stored=stored,
        stored_upto=stream.upto if stream else 0,
        stored_state=stream.state if stream else None,
        healed_after_s=healed_after_s,
        last_lamps={entry.what["room"]: entry.what["shows"] for entry in tape if entry.kind == "lamp"},
        last_page=pages[-1] if pages else {},
        deaths={name: centre.deaths[name] + len(centre.hits().get(name, ())) for name in centre.target.processes},
        restarts=centre.processes.restarts,
        dead=dead,
        not_passed=centre.armed(),
        complaints=list(_complaints(stage.logs)),
    )


def _sights(centre: Centre, tape: Sequence[Entry]) -> list[Sight]:
    labels = [room.label for room in centre.stage.site.rooms]
    reader = BoardReader(centre.stage.out / "crops", centre.board_px, labels)
    return [
        Sight(
            at_s=entry.at_s,
            calls=tuple(call for call in map(reader.call, entry.what["crops"][:-1]) if call),
            is_stale=reader.is_stale(entry.what["crops"][-1]),
        )
        for entry in tape
        if entry.kind == "board"
    ]


def _kiosks(stage: Stage) -> dict[str, KioskDisk]:
    return {
        kiosk: _kiosk_disk(stage.tree.device(SITE, f"{SITE}-{kiosk}") / "data" / "tickets.db") for kiosk in stage.kiosks
    }


def _kiosk_disk(path: Path) -> KioskDisk:
    with closing(read_only(path)) as db:
        facts = dict(db.execute("SELECT name, value FROM fact"))
        bodies = [body for (body,) in db.execute("SELECT body FROM entry ORDER BY seq")]
    return KioskDisk(
        disk=facts["epoch"], first=int(facts["pruned"]) + 1, reports=[decode_report(json.loads(one)) for one in bodies]
    )


def _complaints(logs: Path) -> list[str]:
    """What a process wrote that nobody should ever see, each kind once."""
    found = dict.fromkeys(
        f"{log.stem}: {line.strip()}"
        for log in sorted(logs.iterdir())
        for line in log.read_text(encoding="utf-8", errors="replace").splitlines()
        if line.startswith("Traceback") or " CRITICAL " in line
    )
    return list(found)
