"""A controller whose disk does not let it work: it says so on the LAN and to the network, and answers no to every ask.

Rule: without a journal it takes nothing in, acknowledges nothing and shows no screen; lamps and boards say that they
wait for news. Before another controller of this name that has a journal it falls silent.
"""

from __future__ import annotations

import time
from importlib.metadata import version

from core.edge.disk import disk_alert
from core.edge.intake import Intake
from core.edge.link import Link
from core.edge.presence import device_will
from core.edge.site import Site
from core.room.ids import DeviceId, SiteId
from core.wire.coding import encode
from core.wire.messages import Answer, Ask, DeviceState, Fleet
from core.wire.topics import AGENT_STATE, SiteTopics, parse
from firmware.controller.settings import ControllerFile
from firmware.inbox import Arrived, Inbox

__all__ = ["Outage"]


class Outage:
    """Lives from the first refusal of the disk until it gives in; used from one thread."""

    def __init__(self, settings: ControllerFile, site: Site) -> None:
        self._me = DeviceId(settings.device.id)
        self._data = settings.data
        self._topics = SiteTopics(SiteId(site.id))
        self._intake = Intake()
        self._inbox: Inbox[Arrived] = Inbox()
        self._fleet: dict[DeviceId, DeviceState] = {}
        self._other: DeviceState | None = None
        """The newest trace of a controller of this name that has a journal, be it this one's last life."""
        # A start that the disk does not have is no start.
        self._state = DeviceState(boot=0, role="controller", state="alert", version=version("borne"))
        self._lan = Link(
            settings.link,
            client_id=self._me,
            filters=[self._topics.dev("+", leaf) for leaf in ("state", "ask")],
            on_message=lambda topic, payload: self._inbox.put(Arrived(topic, payload), topic),
            on_up=self._publish,
            on_down=lambda: None,
            will=device_will(self._topics, self._me, self._state),
        )
        self._uplink = None
        if settings.uplink is not None:
            self._uplink = Link(
                settings.uplink,
                client_id=site.id,
                filters=[AGENT_STATE],
                on_message=lambda *_: None,
                on_up=self._publish,
                on_down=lambda: None,
            )

    def start(self) -> None:
        self._lan.start()
        if self._uplink is not None:
            self._uplink.start()

    def stop(self) -> None:
        self._state = self._state.model_copy(update={"state": "lost"})
        self._publish()
        self._lan.stop()
        if self._uplink is not None:
            self._uplink.stop()

    def tell(self, fault: Exception) -> None:
        """Say why the disk does not let us."""
        state = self._state.model_copy(update={"alerts": [disk_alert(fault, self._data)]})
        if state != self._state:
            self._state = state
            self._publish()

    def work_for(self, time_s: float) -> None:
        """Answer whoever asks within this time."""
        end_s = time.monotonic() + time_s
        while (left_s := end_s - time.monotonic()) > 0:
            for item in self._inbox.take(left_s):
                self._take(item)
        self._lan.watch()
        if self._uplink is not None:
            self._uplink.watch()

    def _take(self, item: Arrived) -> None:
        address = parse(item.topic)
        if address is None or address.device is None:
            return
        if address.leaf == "ask":
            self._decline(address.device, item)
        else:
            self._hear(address.device, item)

    def _decline(self, device: DeviceId, item: Arrived) -> None:
        ask = self._intake.read(Ask, item.topic, item.payload)
        if ask is not None:
            no = Answer(id=ask.id, outcome="rejected", code="disk-fault")
            self._lan.publish(self._topics.dev(device, "answer"), encode(no))

    def _hear(self, device: DeviceId, item: Arrived) -> None:
        state = self._intake.read(DeviceState, item.topic, item.payload)
        if state is None:
            return
        if device != self._me:
            if self._fleet.get(device) != state:
                self._fleet[device] = state
                self._publish_fleet()
        elif state.epoch is not None:
            # Each of two pushes the other out, whose will is all that is heard of it; the next one counts a birth more.
            if state.state != "lost" or self._other not in (None, state):
                self._lan.stop()
            self._other = state

    def _publish(self) -> None:
        self._lan.publish(self._topics.dev(self._me, "state"), encode(self._state), retain=True)
        self._publish_fleet()

    def _publish_fleet(self) -> None:
        if self._uplink is not None:
            fleet = Fleet(devices={**self._fleet, self._me: self._state})
            self._uplink.publish(self._topics.up("fleet"), encode(fleet), retain=True)
