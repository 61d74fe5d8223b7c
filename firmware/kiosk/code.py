"""The address of a ticket's page as a QR code, for paper and screen."""

from __future__ import annotations

import functools

import qrcode
from PIL import Image

__all__ = ["qr_code"]

_QR_DOTS = (8, 7, 6)
"""Dots per module, best first: faded print is read at 8 and rarely at 6 (simulated); 4 is Denso Wave's floor."""
_QR_QUIET_MODULES = 4
_QR_MASK = 0
"""Any mask is read; choosing the best of the eight is three quarters of the cost of a code."""


@functools.lru_cache(maxsize=8)
def qr_code(url: str, width_dots: int) -> Image.Image:
    """The code of an address with its quiet zone, kept: call it while nobody waits and the slip finds it made.

    Raises:
        ValueError: the address is too long for this paper.
    """
    code = qrcode.QRCode(
        error_correction=qrcode.ERROR_CORRECT_Q, border=_QR_QUIET_MODULES, box_size=1, mask_pattern=_QR_MASK
    )
    code.add_data(url, optimize=0)
    modules = code.get_matrix()
    side = len(modules)
    dots = next((dots for dots in _QR_DOTS if side * dots <= width_dots), None)
    if dots is None:
        raise ValueError(f"{url!r} makes a code too fine for {width_dots} dots; use a shorter address")
    picture = Image.new("1", (side, side))
    picture.putdata([not is_dark for row in modules for is_dark in row])
    return picture.resize((side * dots, side * dots), Image.Resampling.NEAREST)
