"""Where a centre is: the `place` table of the centre's file and of the agent's."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from core.edge.config import Settings

__all__ = ["Place"]


class Place(Settings):
    """A point on the ground, in degrees (WGS 84) as maps on phones show it: north and east are positive."""

    latitude: Annotated[float, Field(ge=-90, le=90)]
    longitude: Annotated[float, Field(ge=-180, le=180)]
