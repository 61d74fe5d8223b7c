"""The `[panel]` table of a device file."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from core.edge.config import Settings

__all__ = ["DummyPanelSettings", "PanelSettings", "WindowPanelSettings"]


class _PanelSettings(Settings):
    width: Annotated[int, Field(ge=320, le=7680)] = 1280
    height: Annotated[int, Field(ge=320, le=7680)] = 800
    """Pixels."""
    width_mm: Annotated[float, Field(gt=50, le=3000)] = 217.0
    """Width of the lit surface; 217 is a 10.1-inch panel of 1280 x 800."""


class WindowPanelSettings(_PanelSettings):
    driver: Literal["window"]
    full_screen: bool = True
    video_driver: Literal["kmsdrm", "x11", "wayland"] | None = None
    """None lets SDL look."""
    acceleration: bool | None = None
    """Whether SDL shows the picture through a texture; off saves 96 MB and 10 ms a frame where there is no graphics
    processor (measured under X11), None lets SDL decide."""


class DummyPanelSettings(_PanelSettings):
    """The named fake."""

    driver: Literal["dummy"]


PanelSettings = Annotated[WindowPanelSettings | DummyPanelSettings, Field(discriminator="driver")]
