"""What happens behind the screen: one thread that owns the disk, the printer and the link.

A wish comes in from the screen; a number goes to the disk, the ticket to the controller, the slip to the printer, and
the answer back. The screen never waits for any of them: it reads `desk`, whole and immutable, whenever it is woken.

Rule: no byte goes to the printer for a number that is not on the disk.
"""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from core.edge.clock import Clock
from core.edge.journal import JournalFault
from core.edge.outbox import Outbox
from core.edge.site import Site
from core.room.ordering import KioskTime
from core.wire.messages import Ack, LetterWanted, wrap_reports
from firmware.drivers.printer import Printer
from firmware.inbox import Arrived, LinkChanged
from firmware.kiosk.flow import Answer, Desk, Wish
from firmware.kiosk.settings import KioskFile
from firmware.kiosk.store import Store, open_store
from firmware.station import ScreenChanged, Settled, Station

__all__ = ["Office"]
