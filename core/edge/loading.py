"""Modules loaded without the garbage collector looking through them.

What modules make stays for good: looking it through was a tenth of a kiosk's start (measured).
"""

from __future__ import annotations

import contextlib
import gc
from collections.abc import Iterator

__all__ = ["loading"]


@contextlib.contextmanager
def loading() -> Iterator[None]:
    """Import inside."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
