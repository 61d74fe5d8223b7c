"""The kiosk's first page as it was drawn at an earlier start, shown before what draws it is loaded.

To load the kiosk takes four times as long as to open its screen, and the page that says that it starts is always the
same. Its picture is kept beside the device file, with what the panel is made from; a finger put on it waits in SDL's
queue, and is answered by the page itself.

Rule: nothing is loaded here but the standard library and the panel, and nobody needs the picture: one that is absent,
damaged or of other files is not shown, and is kept anew. It is written without a sync: zlib knows a damaged one.
"""

from __future__ import annotations

import contextlib
import json
import zlib
from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

from firmware.drivers.panel import Panel, make_panel

if TYPE_CHECKING:
    from firmware.drivers.panel.settings import PanelSettings

__all__ = ["keep", "reopened"]

_SUFFIX = ".page"
_PIECE = 1 << 18
"""Unpacked at a time: 4 MB at once cost 2 ms more, for pages of memory that are needed once (measured)."""


def reopened(config: Path) -> Panel | None:
    """The panel with the picture that was kept under the same files; None without one.

    Raises:
        PanelAbsent: there is no screen.
    """
    try:
        head = zlib.decompressobj()
        facts = json.loads(head.decompress(config.with_suffix(_SUFFIX).read_bytes()))
        if facts["origin"] != _origin(config, Path(facts["site"])):
            return None
    except (OSError, ValueError, KeyError, TypeError, zlib.error):
        return None
    panel = make_panel(cast("PanelSettings", SimpleNamespace(**facts["panel"])))
    if not _is_painted(panel, head.unused_data):
        panel.close()
        return None
    panel.show()
    return panel


def keep(config: Path, site: Path, table: Mapping[str, Any], panel: Panel) -> None:
    """Keep what is drawn on the panel for the next start, if the disk lets us.

    Args:
        site: the centre's file, from which the page is made as well.
        table: the settings of the panel, as plain values.
    """
    with contextlib.suppress(OSError):
        facts = {"origin": _origin(config, site), "site": str(site), "panel": dict(table)}
        pixels = zlib.compress(panel.surface.get_buffer().raw, 1)
        fresh = config.with_suffix(f"{_SUFFIX}.new")
        fresh.write_bytes(zlib.compress(json.dumps(facts).encode()) + pixels)
        fresh.replace(config.with_suffix(_SUFFIX))


def _is_painted(panel: Panel, packed: bytes) -> bool:
    """Paint the picture; False where it is damaged, or of a screen of another depth."""
    surface, unpacking, at = panel.surface.get_buffer(), zlib.decompressobj(), 0
    try:
        while piece := unpacking.decompress(packed, _PIECE):
            surface.write(piece, at)
            at += len(piece)
            packed = unpacking.unconsumed_tail
    except (IndexError, zlib.error):
        return False
    return at == surface.length and unpacking.eof


def _origin(config: Path, site: Path) -> list[int]:
    """What tells the two files and this release from others."""
    release = Path(__file__).stat()
    return [zlib.crc32(config.read_bytes()), zlib.crc32(site.read_bytes()), release.st_ino, release.st_mtime_ns]
