"""A plain MQTT 5 client for tests, which shows the broker's answer to every act."""

from __future__ import annotations

import queue
import ssl
import threading
from pathlib import Path
from types import TracebackType
from typing import Any

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

__all__ = ["NOT_AUTHORIZED", "Client", "Refused", "context"]

NOT_AUTHORIZED = 135
"""MQTT 5, section 3.4.2.1. A granted publish is answered 0, or 16 if nobody is subscribed to it."""

_DEADLINE_S = 5.0


class Refused(Exception):
    """The broker, or TLS before it, did not let the client in."""


def context(folder: Path, *, stem: str = "device", ca: str = "ca.crt") -> ssl.SSLContext:
    """TLS with the identity in a folder that provisioning made."""
    made = ssl.create_default_context(cafile=folder / ca)
    # What Python 3.13 checks by itself.
    made.verify_flags |= ssl.VERIFY_X509_STRICT
    made.load_cert_chain(folder / f"{stem}.crt", folder / f"{stem}.key")
    return made


class Client:
    """Connected inside `with`; never reconnects, so that a refusal stays one."""

    def __init__(
        self, port: int, tls: ssl.SSLContext | None, *, client_id: str = "", will: str = "", keep_alive: int = 30
    ) -> None:
        self._port = port
        self._keep_alive = keep_alive
        self._answers: queue.Queue[int] = queue.Queue()
        self._messages: queue.Queue[tuple[str, bytes]] = queue.Queue()
        self.connack: Properties | None = None
        self.disconnected = threading.Event()
        self._client = mqtt.Client(
            CallbackAPIVersion.VERSION2,
            client_id=client_id,
            protocol=mqtt.MQTTv5,
            reconnect_on_failure=False,
        )
        if tls:
            self._client.tls_set_context(tls)
        if will:
            self._client.will_set(will, b"will", qos=1)
        self._client.on_connect = self._on_connect
        self._client.on_disconnect = self._on_disconnect
        self._client.on_publish = lambda client, data, mid, reason, properties: self._answers.put(reason.value)
        self._client.on_message = lambda client, data, message: self._messages.put(
            (message.topic, bytes(message.payload))
        )
        self._client.on_subscribe = lambda client, data, mid, reasons, properties: self._answers.put(reasons[0].value)

    def publish(self, topic: str, payload: bytes = b"{}", *, retain: bool = False) -> int:
        """Publish at QoS 1 and return the reason code of the PUBACK, or of the lost connection."""
        self._client.publish(topic, payload, qos=1, retain=retain)
        return self._answers.get(timeout=_DEADLINE_S)

    def may_publish(self, topic: str) -> bool:
        reason = self.publish(topic)
        assert reason in {0, 16, NOT_AUTHORIZED}, reason
        return reason != NOT_AUTHORIZED

    def subscribe(self, topic_filter: str) -> None:
        self._client.subscribe(topic_filter, qos=1)
        assert self._answers.get(timeout=_DEADLINE_S) == 1

    def next_message(self) -> tuple[str, bytes]:
        return self._messages.get(timeout=_DEADLINE_S)

    def topics_until(self, fence: str) -> list[str]:
        """Topics of what was delivered before the next message on `fence`."""
        return list(iter(lambda: self.next_message()[0], fence))

    def leave_with_will(self) -> None:
        """Have the broker publish the will, as it does when a connection is lost."""
        self._client.disconnect(ReasonCode(PacketTypes.DISCONNECT, "Disconnect with will message"))

    def __enter__(self) -> Client:
        try:
            self._client.connect("127.0.0.1", self._port, keepalive=self._keep_alive)
        except OSError as error:
            raise Refused(str(error)) from error
        self._client.loop_start()
        reason = self._answers.get(timeout=_DEADLINE_S)
        if reason != 0:
            self._client.loop_stop()
            raise Refused(f"reason code {reason}")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._client.disconnect()
        self._client.loop_stop()

    def _on_connect(self, client: Any, data: Any, flags: Any, reason: Any, properties: Properties | None) -> None:
        self.connack = properties
        self._answers.put(reason.value)

    def _on_disconnect(self, client: Any, data: Any, flags: Any, reason: Any, properties: Properties | None) -> None:
        self.disconnected.set()
        self._answers.put(reason.value)
