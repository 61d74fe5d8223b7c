"""What a role sees of a screen.

Rule: only the main thread draws, shows and reads touches; `wake` alone may be called from any thread.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import pygame

    from firmware.drivers.control import ControlSocket

__all__ = ["HOLD_S", "Held", "Panel", "Scan", "Touch"]

HOLD_S = 3.0
"""Nobody leaves a finger on the glass for this long by chance."""


@dataclass(frozen=True)
class Touch:
    """A finger, or the mouse in a window, put down."""

    x: int
    y: int
    """Pixels from the upper left corner."""


@dataclass(frozen=True)
class Held:
    """A finger lifted that had been down for `HOLD_S`; its touch was told when it was put down."""

    x: int
    y: int
    """Where it was put down."""


@dataclass(frozen=True)
class Scan:
    """A code held before a USB scanner, which types what it reads as a keyboard does, and then the Enter key."""

    text: str


class Panel(Protocol):
    """One screen."""

    @property
    def size_px(self) -> tuple[int, int]:
        """Width and height."""
        ...

    @property
    def width_mm(self) -> float:
        """Width of the lit surface: letters and targets are measured in millimetres."""
        ...

    @property
    def surface(self) -> pygame.Surface:
        """Where to draw; nothing is seen before `show`."""
        ...

    @property
    def is_closed(self) -> bool:
        """Whether the person has closed the window; never true of a full screen."""
        ...

    def show(self) -> None:
        """Put what is drawn before people's eyes."""
        ...

    def touches(self, timeout_s: float) -> list[Touch | Held | Scan]:
        """Wait for a touch, a scan or a wake, at most `timeout_s`, and return what came since the last call."""
        ...

    def wake(self) -> None:
        """End a waiting `touches`, from any thread."""
        ...

    def obey(self, control: ControlSocket) -> None:
        """Be moved by the cues of a control socket, if this is a fake."""
        ...

    def close(self) -> None: ...
