"""The one MQTT module: a connection to a broker that comes back by itself. Nothing else in the product imports paho.

Rules, each from a measured failure:
- A connection is a paho client of its own, with clean start and no session, so nothing queued for an old connection is
  sent late, and subscriptions are made anew on every connection (a peer's buttons stayed dead after a broker restart).
- No exception leaves a callback: one kills paho's thread while `is_connected()` stays true.
- The thread beats; `watch` sees when it has stopped and starts another.
- Reconnecting waits a random time up to a doubling limit (full jitter), reset only after a minute of stability.
"""

from __future__ import annotations

import logging
import random
import socket
import ssl
import threading
import time
from collections.abc import Callable, Collection, Sequence

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from core.edge.broker import LinkSettings
from core.edge.clock import SystemClock
from core.edge.config import ConfigError

__all__ = ["Link", "LinkSettings", "Will"]

_log = logging.getLogger(__name__)

_CONNECT_S = 5.0
_LOOP_S = 1.0
_STABLE_S = 60.0


_NO_CHECK_TIME = ssl.VerifyFlags(0x200000)
"""X509_V_FLAG_NO_CHECK_TIME (OpenSSL, X509_VERIFY_PARAM_set_flags(3)), to which Python's ssl gives no name."""

Will = tuple[str, bytes]
"""Topic and payload that the broker publishes, retained, when we are gone without a word (MQTT 5, 3.1.2.5)."""


class Link:
    """A connection kept up from a thread of its own. Callbacks run there: they enqueue and return."""

    def __init__(
        self,
        settings: LinkSettings,
        *,
        client_id: str,
        filters: Sequence[str],
        on_message: Callable[[str, bytes], None],
        on_up: Callable[[], None],
        on_down: Callable[[], None],
        will: Will | None = None,
    ) -> None:
        """
        Args:
            client_id: the certificate's name; the broker uses that anyway.
            filters: topic filters subscribed to on every connection.
            on_up: called once the broker has granted every subscription; publish births and states here.
            on_down: called when a connection that was up is gone.

        Raises:
            ConfigError: the certificates cannot be used.
        """
        self._settings = settings
        self._client_id = client_id
        self._filters = filters
        self._muted: frozenset[str] = frozenset()
        self._asked: dict[int | None, Sequence[str]] = {}
        """Filters of the subscriptions that the broker has not answered yet, by packet."""
        self._on_message = on_message
        self._on_up = on_up
        self._on_down = on_down
        self.will = will
        """Given to the broker with the next connection."""
        self._tls = _tls(settings)
        self._client: mqtt.Client | None = None
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self._beat_s = time.monotonic()
        self._up_since_s = 0.0
        self.is_up = False
        self.faults = 0
        """Exceptions caught in callbacks and restarts of the thread; each is logged."""

    def start(self) -> None:
        self._beat_s = time.monotonic()
        self._thread = threading.Thread(target=self._run, name=f"link[{self._client_id}]", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Say goodbye, so that the will is not published, and end the thread."""
        self._stopping.set()
        client = self._client
        if client is not None:
            client.disconnect()
        if self._thread is not None:
            self._thread.join(_CONNECT_S)

    def publish(self, topic: str, payload: bytes, *, retain: bool = False) -> bool:
        """Hand a message to the broker now, or not at all: False when the link is down. Nothing is queued for later.

        QoS 1 for a state, which must reach the broker while this connection lives; QoS 0 for all else, which has an
        acknowledgement or a lifetime of its own.
        """
        client = self._client
        if client is None or not self.is_up:
            return False
        return (
            client.publish(topic, payload, qos=1 if retain else 0, retain=retain).rc == MQTTErrorCode.MQTT_ERR_SUCCESS
        )

    def mute(self, filters: Collection[str]) -> None:
        """Hear nothing on these of the filters until `unmute`: the broker drops what a peer floods us with."""
        self._muted |= frozenset(filters)
        client = self._client
        if client is not None and self.is_up:
            client.unsubscribe(list(filters))

    def unmute(self, filters: Collection[str]) -> bool:
        """Hear again, and anew what is retained; False when the link is down: they stay muted."""
        client = self._client
        if client is None or not self.is_up:
            return False
        self._muted -= frozenset(filters)
        self._subscribe(client, list(filters))
        return True

    def watch(self) -> None:
        """Call about once a second: a thread that has died or hangs is replaced, and counted."""
        if self._stopping.is_set() or self._thread is None:
            return
        if self._thread.is_alive() and time.monotonic() - self._beat_s < self._settings.hang_limit_s:
            return
        self.faults += 1
        _log.error("the thread of link %s has stopped; starting another", self._client_id)
        self._down()
        self.start()

    def _run(self) -> None:
        wait_limit_s = 0.5
        while not self._stopping.is_set() and self._thread is threading.current_thread():
            started_s = self._beat_s = time.monotonic()
            client = self._client = self._new_client()
            self._serve(client)
            stable = self._up_since_s >= started_s and time.monotonic() - self._up_since_s > _STABLE_S
            if self._is_ours(client):
                self._down()
                self._client = None
            del client  # paho closes the pair of sockets that wakes its loop when the client is collected
            wait_limit_s = 0.5 if stable else min(self._settings.retry_limit_s, 2 * wait_limit_s)
            self._stopping.wait(random.uniform(0, wait_limit_s))  # noqa: S311 - spreads load, guards nothing

    def _serve(self, client: mqtt.Client) -> None:
        """Connect, and serve the connection until it ends."""
        try:
            client.connect(self._settings.host, self._settings.port, self._settings.keep_alive_s, clean_start=True)
            while self._is_ours(client) and not self._stopping.is_set():
                ended = client.loop(_LOOP_S)
                if ended != MQTTErrorCode.MQTT_ERR_SUCCESS:
                    _log.info("link %s: the connection ended: %s", self._client_id, mqtt.error_string(ended))
                    break
                self._beat_s = time.monotonic()
        except (OSError, ValueError) as error:
            _log.info("link %s: no connection to the broker: %s", self._client_id, error)
        finally:
            client.disconnect()
            client.loop_write()

    def _is_ours(self, client: object) -> bool:
        """False for the connection of a thread that hung, was replaced, and has woken up."""
        return client is self._client

    def _new_client(self) -> mqtt.Client:
        client = mqtt.Client(
            CallbackAPIVersion.VERSION2, client_id=self._client_id, protocol=mqtt.MQTTv5, reconnect_on_failure=False
        )
        client.connect_timeout = _CONNECT_S
        _judge_dates(self._tls, has_hour=SystemClock().is_synchronised())
        client.tls_set_context(self._tls)
        client.max_queued_messages_set(1000)
        client.on_socket_open = _send_at_once
        client.on_socket_register_write = _leave_writing_to_the_loop
        client.on_connect = self._connected
        client.on_subscribe = self._subscribed
        client.on_message = self._received
        if self.will is not None:
            client.will_set(*self.will, qos=1, retain=True)
        return client

    def _connected(
        self, client: mqtt.Client, _data: object, _flags: object, reason: ReasonCode, _properties: Properties | None
    ) -> None:
        if reason.is_failure:
            _log.warning("link %s: the broker refuses us: %s", self._client_id, reason)
            return
        self._asked.clear()
        self._subscribe(client, [one for one in self._filters if one not in self._muted])

    def _subscribe(self, client: mqtt.Client, filters: Sequence[str]) -> None:
        _, packet = client.subscribe([(one, 1) for one in filters])
        self._asked[packet] = filters

    def _subscribed(
        self, client: mqtt.Client, _data: object, packet: int, reasons: list[ReasonCode], _properties: object
    ) -> None:
        if not self._is_ours(client):
            return
        for name, reason in zip(self._asked.pop(packet, ()), reasons, strict=False):
            if reason.is_failure:
                _log.error("link %s: may not read %s: %s", self._client_id, name, reason)
        if self.is_up:
            return
        self._up_since_s = time.monotonic()
        self.is_up = True
        self._guarded(self._on_up)

    def _received(self, client: mqtt.Client, _data: object, message: mqtt.MQTTMessage) -> None:
        if self._is_ours(client):
            self._guarded(lambda: self._on_message(message.topic, bytes(message.payload)))

    def _down(self) -> None:
        if self.is_up:
            self.is_up = False
            self._guarded(self._on_down)

    def _guarded(self, call: Callable[[], None]) -> None:
        try:
            call()
        except Exception:
            self.faults += 1
            _log.exception("link %s: a callback failed", self._client_id)


def _send_at_once(_client: mqtt.Client, _data: object, sock: object) -> None:
    """Without this a small message waits for the acknowledgement of the one before it: 40 ms with a delayed ACK."""
    if isinstance(sock, socket.socket):
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def _leave_writing_to_the_loop(_client: mqtt.Client, _data: object, _sock: object) -> None:
    """Registered so that paho wakes its loop instead of writing from the publishing thread.

    Two threads in `Client._packet_write` can put half a packet back behind another one (paho 2.2).
    """


def _judge_dates(tls: ssl.SSLContext, *, has_hour: bool) -> None:
    """A machine that does not know the hour cannot say that a certificate has expired, and would be cut off by it."""
    tls.verify_flags = tls.verify_flags & ~_NO_CHECK_TIME if has_hour else tls.verify_flags | _NO_CHECK_TIME


def _tls(settings: LinkSettings) -> ssl.SSLContext:
    try:
        context = ssl.create_default_context(cafile=str(settings.ca))
        context.load_cert_chain(str(settings.certificate), str(settings.key))
    except OSError as error:
        raise ConfigError(
            f"link: ca {settings.ca}, certificate {settings.certificate} and key {settings.key}: {error}; "
            "one is absent or does not fit the others: provision the device again"
        ) from error
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context
