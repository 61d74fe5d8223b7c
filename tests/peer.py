"""A device or site played by hand: a real link with a provisioned identity, and everything it hears."""

from __future__ import annotations

import json
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self

from core.edge.link import Link, LinkSettings
from tests.mosquitto import wait_until

__all__ = ["Peer"]


class Peer:
    """Connected on entering `with`."""

    def __init__(
        self, folder: Path, port: int, name: str, filters: Sequence[str], *, stem: str = "device", ca: str = "ca.crt"
    ) -> None:
        """
        Args:
            folder: where provisioning left this identity.
            stem: name of the certificate and key files.
        """
        settings = LinkSettings(
            host="127.0.0.1", port=port, ca=Path(ca), certificate=Path(f"{stem}.crt"), key=Path(f"{stem}.key")
        ).beside(folder)
        self.heard: list[tuple[str, bytes]] = []
        self.downs = 0
        self._up = threading.Event()
        self.link = Link(
            settings,
            client_id=name,
            filters=filters,
            on_message=lambda topic, payload: self.heard.append((topic, payload)),
            on_up=self._up.set,
            on_down=self._up.clear,
        )

    def __enter__(self) -> Self:
        self.link.start()
        wait_until(self._up.is_set, what="the peer is connected")
        return self

    def __exit__(self, *_error: object) -> None:
        self.link.stop()

    def say(self, topic: str, message: bytes | dict[str, Any], *, retain: bool = False) -> None:
        """Publish, as soon as the connection is there: a broker that was restarted is found again within a second."""
        wait_until(self._up.is_set, what="the peer is connected")
        payload = message if isinstance(message, bytes) else json.dumps(message).encode()
        assert self.link.publish(topic, payload, retain=retain), "the link is down"

    def on(self, topic: str) -> list[dict[str, Any]]:
        """Everything heard on a topic, oldest first."""
        return [json.loads(payload) for heard, payload in list(self.heard) if heard == topic]

    def heard_last(self, topic: str) -> bytes:
        """The newest payload heard on a topic, as it came."""
        return next(payload for heard, payload in reversed(self.heard) if heard == topic)

    def last(self, topic: str) -> dict[str, Any]:
        """The newest message heard on a topic; empty before the first."""
        return next(reversed(self.on(topic)), {})
