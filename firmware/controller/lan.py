"""The controller towards its centre: kiosks' tickets in, questions answered, the screen shown.

Rule: `take` only stages; acknowledgements are sent by `settle`, after the journal has what they promise.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from importlib.metadata import version

from core.edge.asking import Beats
from core.edge.crash import crash_point
from core.edge.device import DeviceFile
from core.edge.intake import Intake
from core.edge.link import Link
from core.edge.presence import device_will, is_newer, is_worth_telling
from core.edge.site import Site
from core.room.ids import DeviceId, RoomId, SiteId
from core.wire.coding import encode
from core.wire.messages import Ack, Alert, Answer, Ask, DeviceState, Kept, Named, Reports
from core.wire.topics import SiteTopics, parse
from firmware.controller.answering import Answering
from firmware.controller.gather import Gather
from firmware.controller.names import Names
from firmware.controller.neighbours import Floods, Gaps, Silences, Twins
from firmware.controller.network import OtherCentres
from firmware.controller.reports import acknowledgement, begins_late, take_reports
from firmware.controller.ringing import heard_in
from firmware.controller.rival import Rival
from firmware.controller.screen import screen_of
from firmware.controller.sequencer import Sequencer
from firmware.inbox import Arrived, Inbox, LinkChanged, Work

__all__ = ["BEAT_EVERY_S", "Lan"]

BEAT_EVERY_S = 1.0
"""The screen is sent again this often although nothing changed: whoever hears no new beat for 5 s says so."""
_TOLD_NOW_S = 3.0
"""Reports under an older beat have waited in the broker or with us: a ticket's age would be too small by that time. The
kiosk repeats them within 3 s (`Outbox`); beats come every second."""
_ALERTS = 20
"""As many as a `DeviceState` holds."""


class Lan:
    """Used from the thread that owns the sequencer, but for what it puts on the inbox."""

    def __init__(
        self,
        settings: DeviceFile,
        site: Site,
        sequencer: Sequencer,
        *,
        boot: int,
        beats: Beats,
        answering: Answering,
        gather: Gather,
        others: OtherCentres,
        inbox: Inbox[Work],
        names: Names | None = None,
    ) -> None:
        """
        Args:
            boot: this controller's starts, counted on its disk.
            beats: given with each screen.
            answering: decides what devices ask; its outcomes come back by `answer`.
            others: what is known of other centres.
            names: takes those of patients; None where the centre does not ask for any, and nobody hears one.
        """
        self.intake = Intake()
        self.fleet: dict[DeviceId, DeviceState] = {}
        """The site's devices as last heard, this one included."""
        self._me = DeviceId(settings.device.id)
        self._devices = {DeviceId(device.id): device for device in site.devices}
        self._kiosks = {DeviceId(device.id) for device in site.devices if device.role == "kiosk"}
        self._rooms = [RoomId(room.id) for room in site.rooms]
        self._topics = SiteTopics(SiteId(site.id))
        self._sequencer = sequencer
        self._beats = beats
        self._answering = answering
        self._reported: list[tuple[DeviceId, Reports, str | None]] = []
        self._shown: tuple[int, list[RoomId]] | None = None
        """What the newest screen on this connection was made of …"""
        self._shown_s = float("-inf")
        """… and when it was sent."""
        self._births = 0
        self._gaps = Gaps()
        self._twins = Twins()
        self._silences = Silences(device for device in self._devices if device != self._me)
        self._floods = Floods(
            lambda device: self.link.mute(self._said_by(device)), lambda device: self.link.unmute(self._said_by(device))
        )
        self._inbox = inbox
        self._gather = gather
        self._others = others
        self._names = names
        self._told_s = float("-inf")
        self._state = DeviceState(
            boot=boot, role="controller", state="ready", version=version("borne"), epoch=sequencer.journal.epoch
        )
        self._rival = Rival(self._me, self._state)
        self.link = Link(
            settings.link,
            client_id=self._me,
            filters=[one for device in self._devices for one in self._said_by(device)],
            on_message=self._heard,
            on_up=lambda: inbox.put((self.take, LinkChanged(is_up=True))),
            on_down=self._left,
            will=device_will(self._topics, self._me, self._state),
        )

    def start(self) -> None:
        self.link.start()

    def stop(self) -> None:
        if self._rival.has_spoken:
            self._publish_state(self._state.model_copy(update={"state": "lost"}))
        self.link.stop()

    def take(self, item: Arrived | LinkChanged, now_s: float) -> None:
        """Take in an item of the inbox; stage what follows.

        Args:
            now_s: real monotonic seconds.
        """
        if isinstance(item, LinkChanged):
            if item.is_up:
                self._rival.listen(now_s)
                self._silences.begin(now_s)
                self._shown = None
                if self._rival.has_spoken:
                    self._publish_state(self._state)
            return
        address = parse(item.topic)
        if address is None or address.device not in self._devices:
            self.intake.refuse(item.topic, "no device of this site")
        elif address.leaf == "state":
            self._take_state(address.device, item, now_s)
        elif address.leaf == "kept":
            self._take_kept(address.device, item)
        elif not self._rival.has_spoken or self._gather.is_asking:
            return
        elif address.leaf == "evt":
            self._take_reports(address.device, item, now_s)
        elif address.leaf == "name":
            self._take_name(address.device, item)
        else:
            self._take_ask(address.device, item, now_s)

    def settle(self) -> None:
        """Acknowledge what has been taken, as far as the journal has it."""
        for kiosk, reports, refused in self._reported:
            crash_point("controller.applied-not-acknowledged")
            self._send(kiosk, "ack", acknowledgement(self._sequencer.state, reports, refused))
        self._reported.clear()

    def show(self, now_s: float) -> None:
        """Send the screen, if something changed or a beat is due.

        Raises:
            SecondController: another controller has pushed this one out before its first word.
        """
        if not self._may_speak(now_s):
            return
        heard = heard_in(self._sequencer.state, self.fleet, self._devices.values())
        shown = (self._sequencer.seq, heard)
        if shown == self._shown and now_s - self._shown_s < BEAT_EVERY_S:
            return
        if self._gather.is_asking:
            self._gather.ask(now_s)
        at_ms = self._sequencer.now_ms()
        screen = screen_of(
            self._sequencer.state,
            self._rooms,
            self._sequencer.policy,
            is_hour_certain=not self._sequencer.is_in_doubt,
            elsewhere=self._others.open_at(at_ms),
            epoch=self._sequencer.journal.epoch,
            rev=self._sequencer.seq,
            beat=self._beats.next(now_s),
            at_ms=at_ms,
            is_gathering=self._gather.is_asking,
            heard=heard,
        )
        if self.link.publish(self._topics.screen, encode(screen), retain=True):
            self._shown, self._shown_s = shown, now_s

    def tell(self, alerts: Sequence[Alert], refused: Mapping[str, int], now_s: float) -> None:
        """Publish this device's health, if it has changed; a growing count of refusals alone once a second.

        Args:
            refused: what was dropped since the start, by topic or sender.
        """
        self._floods.look(now_s)
        alerts = [*alerts, *self._alerts(now_s)][:_ALERTS]
        state = self._state.model_copy(
            update={"state": "alert" if alerts else "ready", "alerts": alerts, "refused": dict(refused)}
        )
        self.fleet[self._me] = state
        if not is_worth_telling(state, self._state, since_s=now_s - self._told_s):
            return
        if not self._rival.has_spoken or self._publish_state(state):
            self._state, self._told_s = state, now_s

    def _alerts(self, now_s: float) -> list[Alert]:
        watched = (self._gaps, self._twins, self._floods, self._silences)
        return [*self._rival.alerts, *(alert for one in watched for alert in one.alerts(now_s))]

    def _may_speak(self, now_s: float) -> bool:
        if not self._rival.has_spoken and self._rival.lets_speak(now_s) and self.link.is_up:
            self._rival.has_spoken = True
            self._publish_state(self._state)
        return self._rival.has_spoken

    def _take_state(self, device: DeviceId, item: Arrived, now_s: float) -> None:
        state = self.intake.read(DeviceState, item.topic, item.payload)
        if state is None:
            return
        if state.role != self._devices[device].role:
            self.intake.refuse(item.topic, f"{device} is no {state.role}")
        elif device != self._me:
            self._twins.hear(device, state, now_s)
            if is_newer(state, self.fleet.get(device)):
                self.fleet[device] = state
                self._silences.hear(device, state, now_s)
        elif state.epoch is None:
            # A controller without a journal (`Outage`), be it this one a moment ago, speaks for nobody.
            if self._rival.has_spoken:
                self._publish_state(self._state)
        else:
            self._rival.meet(state, now_s)

    def _left(self) -> None:
        """Called from the link's thread when a connection is gone: the next one has a will of its own."""
        self._births += 1
        self.link.will = device_will(self._topics, self._me, self._state.model_copy(update={"births": self._births}))
        self._inbox.put((self.take, LinkChanged(is_up=False)))

    def _take_reports(self, kiosk: DeviceId, item: Arrived, now_s: float) -> None:
        reports = self.intake.read(Reports, item.topic, item.payload)
        if reports is None:
            return
        if self._devices[kiosk].role != "kiosk":
            self.intake.refuse(item.topic, "only kiosks give tickets")
            return
        if reports.beat is not None and not self._is_recent(reports.beat, now_s):
            return
        if begins_late(self._sequencer.state, reports):
            self._gaps.note(kiosk, reports.first)
        self._reported.append((kiosk, reports, take_reports(self._sequencer, kiosk, reports)))

    def _is_recent(self, beat: str, now_s: float) -> bool:
        age_s = self._beats.age_s(beat, now_s)
        return age_s is not None and age_s <= _TOLD_NOW_S

    def _take_kept(self, device: DeviceId, item: Arrived) -> None:
        kept = self.intake.read(Kept, item.topic, item.payload)
        if kept is not None and self._gather.is_asking:
            self._gather.take_kept(device, kept)

    def _take_name(self, kiosk: DeviceId, item: Arrived) -> None:
        named = self.intake.read(Named, item.topic, item.payload)
        if named is not None and self._names is not None:
            self._names.take(kiosk, named, self._sequencer.state)

    def _take_ask(self, device: DeviceId, item: Arrived, now_s: float) -> None:
        ask = self.intake.read(Ask, item.topic, item.payload)
        if ask is not None:
            self._answering.take(device, ask, now_s)

    def answer(self, device: DeviceId, answer: Answer) -> None:
        """Tell a device the outcome of its question."""
        self._send(device, "answer", answer)

    def tell_name(self, unit: DeviceId, named: Named) -> bool:
        """Tell a room unit whom its room has called; False when the link is down."""
        return self._send(unit, "name", named)

    def _send(self, device: DeviceId, leaf: str, message: Ack | Answer | Named) -> bool:
        return self.link.publish(self._topics.dev(device, leaf), encode(message))

    def _heard(self, topic: str, payload: bytes) -> None:
        """Called from the link's thread."""
        address = parse(topic)
        sender = (address.device if address else None) or DeviceId("other")
        dropped = self._inbox.dropped[sender]
        self._inbox.put((self.take, Arrived(topic, payload)), sender)
        if self._inbox.dropped[sender] > dropped:
            self._floods.begins(sender, time.monotonic())

    def _said_by(self, device: DeviceId) -> list[str]:
        names = ["name"] if self._names is not None and device in self._kiosks else []
        return [self._topics.dev(device, leaf) for leaf in ("state", "evt", "ask", "kept", *names)]

    def _publish_state(self, state: DeviceState) -> bool:
        state = state.model_copy(update={"births": self._births})
        return self.link.publish(self._topics.dev(self._me, "state"), encode(state), retain=True)
