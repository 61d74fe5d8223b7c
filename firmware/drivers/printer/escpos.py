"""A 1-bit picture of a slip as ESC/POS bytes, and nothing but bytes.

The slip is one raster: code pages break French and lack Arabic, and control bytes in a text can cut the paper.
Commands are python-escpos's; the raster encoder is our own, because its `image()` converts every picture through RGB
first and costs more than three times as much. Names are those of Epson's "ESC/POS Command Reference for TM Printers".

Rule: nothing here opens, reads or waits for anything.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import TYPE_CHECKING

from escpos.constants import ESC, GS, HW_INIT

from firmware.drivers.printer.profiles import Profile

if TYPE_CHECKING:
    from PIL import Image

__all__ = ["STRIP_ROWS", "encode", "pieces", "recovery"]

STRIP_ROWS = 128
"""Longer rasters come out as garbage on a TM-m30III and on clones (python-escpos issues 631, 424, 367)."""

_RASTER = GS + b"v0\x00"
_HEADER_BYTES = 8  # of a raster: its command and size
_EJECT = GS + b"e\x05"
_CLEAR = b"\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08"  # DLE DC4, fn 8
_CUT = {
    "feed-partial": GS + b"V\x42\x00",  # function B: to the blade, one point left uncut
    "feed-full": GS + b"V\x41\x00",
    "total": ESC + b"i",
    "none": b"",
}


def encode(picture: Image.Image, profile: Profile) -> bytes:
    """The whole job of one slip: initialise, push out what nobody took, raster, feed, cut, present.

    Raises:
        ValueError: the picture is not 1-bit or not as wide as the paper.
    """
    if picture.mode != "1" or picture.width != profile.width_dots:
        raise ValueError(f"{profile.name} prints 1-bit pictures {profile.width_dots} dots wide, not {picture.size}")
    return b"".join([HW_INIT, _EJECT if profile.ejects else b"", *_strips(picture), _ending(profile)])


def pieces(job: bytes, rows_at_most: int) -> Iterator[tuple[bytes, int]]:
    """A job of `encode` in parts of whole rasters, with the rows that each prints; the cut goes with the last.

    Between two of them the printer may be asked something: within a raster the question would be dots.
    """
    begins, at, together = 0, job.find(_RASTER), 0
    while job.startswith(_RASTER, at):
        row_bytes, rows = struct.unpack_from("<HH", job, at + len(_RASTER))
        if together and together + rows > rows_at_most:
            yield job[begins:at], together
            begins, together = at, 0
        at += _HEADER_BYTES + row_bytes * rows
        together += rows
    yield job[begins:], together


def recovery(profile: Profile) -> bytes:
    """What frees a printer that has swallowed part of a job, so that the next slip starts on clean paper.

    It forgets what it holds where the model can; zeros end a raster cut short as white rows (between commands they
    are ignored); the cut lets go of what was printed of it.
    """
    white = bytes(STRIP_ROWS * profile.width_dots // 8 + _HEADER_BYTES)
    return b"".join([_CLEAR if profile.clears else b"", white, HW_INIT, _ending(profile)])


def _strips(picture: Image.Image) -> Iterator[bytes]:
    row_bytes = picture.width // 8
    raster = picture.tobytes("raw", "1;I")  # inverted: a set bit is a burnt dot
    for top in range(0, picture.height, STRIP_ROWS):
        rows = min(STRIP_ROWS, picture.height - top)
        yield struct.pack("<4sHH", _RASTER, row_bytes, rows)
        yield raster[top * row_bytes : (top + rows) * row_bytes]


def _ending(profile: Profile) -> bytes:
    feed = ESC + b"J" + bytes((profile.tail_dots,)) if profile.tail_dots else b""
    present = GS + b"e\x03" + bytes((profile.present_steps,)) if profile.present_steps else b""  # Custom's manual
    return b"".join([feed, _CUT[profile.cut], present])
