"""Which broker a device speaks to, and as whom.

Apart from the link, because a device file names it, and a kiosk reads its file before it shows its first frame: the
link's own imports, TLS and MQTT, take 20 ms that nobody should wait for.
"""

from __future__ import annotations

from pathlib import Path

from core.edge.config import Settings

__all__ = ["LinkSettings"]


class LinkSettings(Settings):
    """A broker, and who we are to it: the `[link]` table of a device file."""

    host: str
    port: int
    ca: Path
    certificate: Path
    key: Path
    keep_alive_s: int = 5
    """A broker that hangs is noticed after about twice this (measured with 5 s: 9.98 s)."""
    retry_limit_s: float = 3.0
    """Longest wait before another try; short, as a centre's devices are few and their doctors wait."""
    hang_limit_s: float = 20.0
    """A thread that has not gone round for this long is replaced; a try to connect may take 10."""

    def beside(self, folder: Path) -> LinkSettings:
        """The same with paths resolved against the folder of the device file."""
        return self.model_copy(update={name: folder / getattr(self, name) for name in ("ca", "certificate", "key")})
