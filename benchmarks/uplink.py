"""A controller's side of a drain, as a process: its real journal, sequencer, uplink and link, without the centre.

Says `ready`, waits for a line, connects, and says how many seconds went by until everything was acknowledged.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from zoneinfo import ZoneInfo

from core.edge.clock import SystemClock
from core.edge.device import load_device
from core.edge.journal import Journal
from core.edge.outbox import Outbox
from core.room.ids import SiteId
from core.room.passage import Policy
from firmware.controller.sequencer import Sequencer
from firmware.controller.settings import ControllerFile
from firmware.controller.uplink import Uplink
from firmware.inbox import Inbox, Work

_TURN_S = 0.25
"""The controller's own (firmware/controller/app.py)."""


def main() -> None:
    """Drain once."""
    parser = argparse.ArgumentParser(prog="benchmarks.uplink", description=__doc__)
    parser.add_argument("config", type=Path)
    parser.add_argument("journal", type=Path)
    parser.add_argument("--batch", type=int, help="entries to a message, where not the product's own")
    args = parser.parse_args()
    settings, site = load_device(args.config, ControllerFile, "controller")
    assert settings.uplink
    inbox: Inbox[Work] = Inbox()
    with Journal(args.journal) as journal:
        sequencer = Sequencer(journal, SystemClock(), ZoneInfo(site.timezone), Policy())
        uplink = Uplink(settings.uplink, SiteId(site.id), sequencer, boot=1, inbox=inbox)
        if args.batch:
            uplink.outbox = Outbox(journal, uplink._send_log, batch=args.batch)
        print("ready", flush=True)
        sys.stdin.readline()
        began_s = time.monotonic()
        uplink.start()
        while uplink.outbox.waiting:
            items = inbox.take(_TURN_S)
            now_s = time.monotonic()
            for handle, item in items:
                handle(item, now_s)
            uplink.pump(now_s)
        print(time.monotonic() - began_s, flush=True)
        uplink.stop()


if __name__ == "__main__":
    main()
