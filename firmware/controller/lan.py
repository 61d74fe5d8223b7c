"""The controller towards its centre: kiosks' tickets in, questions answered, the screen shown.

Rule: `take` only stages; answers and acknowledgements are sent by `settle`, after the journal has what they promise.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib.metadata import version

from core.edge.asking import Answers, Beats
from core.edge.device import DeviceFile
from core.edge.intake import Intake
from core.edge.link import Link
from core.edge.presence import device_will, is_newer
from core.edge.site import Site
from core.room.commands import Command, GrantLetter
from core.room.decide import CommandRejected
from core.room.ids import DeviceId, RoomId, SiteId
from core.wire.messages import Ack, Alert, Answer, Ask, DeviceState, LetterWanted, Reports, encode
from core.wire.topics import SiteTopics, parse
from firmware.controller.reports import acknowledgement, take_reports
from firmware.controller.screen import screen_of
from firmware.controller.sequencer import Sequencer
from firmware.inbox import Arrived, LinkChanged

__all__ = ["BEAT_EVERY_S", "Lan", "SecondController"]

BEAT_EVERY_S = 1.0
"""The screen is sent again this often although nothing changed: whoever hears no new beat for 5 s says so."""
_LISTEN_S = 0.5
"""After connecting: time for the broker's retained states to arrive before the first word."""
_PROBATION_S = 8.0
"""A controller that finds traces of another one under its own name stays silent this long. The other, if it lives,
reconnects within a second, pushes the newcomer out (MQTT 5, 3.1.4) and leaves a newer trace. mosquitto 2.0.11 does not
say to the one pushed out why."""


class SecondController(Exception):
    """Another controller with this identity lives: this one has not spoken and gives way."""


class Lan:
    """Used from the thread that owns the sequencer, but for what it hands to `enqueue`."""

    def __init__(
        self,
        settings: DeviceFile,
        site: Site,
        sequencer: Sequencer,
        *,
        boot: int,
        enqueue: Callable[[Arrived | LinkChanged], None],
    ) -> None:
        """
        Args:
            boot: this controller's starts, counted on its disk.
            enqueue: puts an item on the role's inbox; called from the link's thread.
        """
        self.intake = Intake()
        self.fleet: dict[DeviceId, DeviceState] = {}
        """The site's devices as last heard, this one included."""
        self._me = DeviceId(settings.device.id)
        self._devices = {DeviceId(device.id): device for device in site.devices}
        self._rooms = [RoomId(room.id) for room in site.rooms]
        self._topics = SiteTopics(SiteId(site.id))
        self._sequencer = sequencer
        self._beats = Beats(boot)
        self._answers = Answers()
        self._pending: list[tuple[DeviceId, Ask, str | None]] = []
        self._reported: list[tuple[DeviceId, Reports, str | None]] = []
        self._shown: tuple[int, float] = (-1, float("-inf"))
        self._speaks_from_s: float | None = None
        self._has_spoken = False
        self._other: DeviceState | None = None
        """The newest trace of another controller under this name."""
        self._other_lives = False
        self._births = 0
        self._state = DeviceState(
            boot=boot, role="controller", state="ready", version=version("borne"), epoch=sequencer.journal.epoch
        )
        self.link = Link(
            settings.link,
            client_id=self._me,
            filters=[self._topics.dev("+", leaf) for leaf in ("state", "evt", "ask")],
            on_message=lambda topic, payload: enqueue(Arrived(topic, payload)),
            on_up=lambda: enqueue(LinkChanged(is_up=True)),
            on_down=lambda: self._left(enqueue),
            will=device_will(self._topics, self._me, self._state),
        )

    def start(self) -> None:
        self.link.start()

    def stop(self) -> None:
        if self._has_spoken:
            self._publish_state(self._state.model_copy(update={"state": "lost"}))
        self.link.stop()

    def take(self, item: Arrived | LinkChanged, now_s: float) -> None:
        """Take in an item of the inbox; stage what follows.

        Args:
            now_s: real monotonic seconds.
        """
        if isinstance(item, LinkChanged):
            if item.is_up:
                self._speaks_from_s = self._speaks_from_s or now_s + _LISTEN_S
                self._shown = (-1, float("-inf"))
                if self._has_spoken:
                    self._publish_state(self._state)
            return
        address = parse(item.topic)
        if address is None or address.device not in self._devices:
            self.intake.refuse(item.topic, "no device of this site")
        elif address.leaf == "state":
            self._take_state(address.device, item, now_s)
        elif not self._has_spoken:
            return
        elif address.leaf == "evt":
            self._take_reports(address.device, item)
        else:
            self._take_ask(address.device, item, now_s)

    def settle(self, fault: str | None) -> None:
        """Answer and acknowledge what has been taken.

        Args:
            fault: why the journal did not take it, if so.
        """
        for device, ask, rejected in self._pending:
            self._answer(device, self._outcome(ask, rejected or fault))
        for kiosk, reports, refused in self._reported:
            self._send(kiosk, "ack", acknowledgement(self._sequencer.state, reports, refused))
        self._pending.clear()
        self._reported.clear()

    def show(self, now_s: float) -> None:
        """Send the screen, if something changed or a beat is due.

        Raises:
            SecondController: another controller has pushed this one out before its first word.
        """
        if not self._may_speak(now_s):
            return
        rev, shown_s = self._shown
        if rev == self._sequencer.seq and now_s - shown_s < BEAT_EVERY_S:
            return
        screen = screen_of(
            self._sequencer.state,
            self._rooms,
            epoch=self._sequencer.journal.epoch,
            rev=self._sequencer.seq,
            beat=self._beats.next(now_s),
            at_ms=self._sequencer.now_ms(),
        )
        if self.link.publish(self._topics.screen, encode(screen), retain=True):
            self._shown = (screen.rev, now_s)

    def tell(self, alerts: Sequence[Alert]) -> None:
        """Publish this device's health, if it has changed."""
        state = self._state.model_copy(
            update={
                "state": "alert" if alerts else "ready",
                "alerts": list(alerts),
                "refused": dict(self.intake.refused),
            }
        )
        self.fleet[self._me] = state
        if state != self._state and self._has_spoken:
            self._publish_state(state)
        self._state = state

    def _may_speak(self, now_s: float) -> bool:
        if self._has_spoken:
            return True
        if self._other_lives:
            raise SecondController(
                f"another controller is connected as {self._me}; this one gives way. "
                "Take it off the network, or give it an identity of its own."
            )
        if self._speaks_from_s is not None and now_s >= self._speaks_from_s and self.link.is_up:
            self._has_spoken = True
            self._publish_state(self._state)
        return self._has_spoken

    def _take_state(self, device: DeviceId, item: Arrived, now_s: float) -> None:
        state = self.intake.read(DeviceState, item.topic, item.payload)
        if state is None:
            return
        if device != self._me:
            if is_newer(state, self.fleet.get(device)):
                self.fleet[device] = state
        elif not self._is_mine(state):
            self._meet(state, now_s)

    def _is_mine(self, state: DeviceState) -> bool:
        """Whether a state under this name comes from this very disk, now or at an earlier start."""
        own_now = state.boot == self._state.boot and self._has_spoken
        return state.epoch == self._state.epoch and (own_now or state.boot < self._state.boot)

    def _meet(self, other: DeviceState, now_s: float) -> None:
        """Take note of another controller under this name: who has spoken stays, who has not gives way."""
        if self._other is None and not self._has_spoken:
            self._speaks_from_s = now_s + _PROBATION_S
        self._other_lives = self._other_lives or other.state != "lost" or self._other not in (None, other)
        self._other = other

    def _left(self, enqueue: Callable[[Arrived | LinkChanged], None]) -> None:
        """Called from the link's thread when a connection is gone: the next one has a will of its own."""
        self._births += 1
        self.link.will = device_will(self._topics, self._me, self._state.model_copy(update={"births": self._births}))
        enqueue(LinkChanged(is_up=False))

    @property
    def has_rival(self) -> bool:
        """Whether another device connects with this controller's identity."""
        return self._other is not None

    def _take_reports(self, kiosk: DeviceId, item: Arrived) -> None:
        reports = self.intake.read(Reports, item.topic, item.payload)
        if reports is None:
            return
        if self._devices[kiosk].role != "kiosk":
            self.intake.refuse(item.topic, "only kiosks give tickets")
            return
        self._reported.append((kiosk, reports, take_reports(self._sequencer, kiosk, reports)))

    def _take_ask(self, device: DeviceId, item: Arrived, now_s: float) -> None:
        ask = self.intake.read(Ask, item.topic, item.payload)
        if ask is None:
            return
        known = self._answers.to(device, ask.id)
        if known is not None:
            self._send(device, "answer", known)
            return
        age_s = self._beats.age_s(ask.beat, now_s)
        if age_s is None or age_s > ask.ttl_s:
            self._answer(device, Answer(id=ask.id, outcome="expired"))
            return
        try:
            self._sequencer.submit(self._command(device, ask), cause=ask.id)
            self._pending.append((device, ask, None))
        except CommandRejected as rejected:
            self._pending.append((device, ask, rejected.code))

    def _command(self, device: DeviceId, ask: Ask) -> Command:
        """The command that a device may ask for.

        Raises:
            CommandRejected: it asks for another's room, or for what its role does not do.
        """
        asker = self._devices[device]
        if isinstance(ask.act, LetterWanted):
            if asker.role == "kiosk":
                return GrantLetter(disk=ask.act.disk, kiosk=device)
        elif asker.role == "room" and getattr(ask.act, "room", asker.room) == asker.room:
            return ask.act
        raise CommandRejected("not-yours", f"{device} may not ask for {ask.act.kind}")

    def _outcome(self, ask: Ask, code: str | None) -> Answer:
        if code is not None:
            return Answer(id=ask.id, outcome="rejected", code=code)
        if isinstance(ask.act, LetterWanted):
            grant = self._sequencer.state.grants[ask.act.disk]
            return Answer(id=ask.id, outcome="done", letter=grant.letter)
        room = getattr(ask.act, "room", None)
        ticket = self._sequencer.state.in_room(room) if room else None
        return Answer(id=ask.id, outcome="done", number=ticket.number if ticket else None)

    def _answer(self, device: DeviceId, answer: Answer) -> None:
        self._answers.keep(device, answer)
        self._send(device, "answer", answer)

    def _send(self, device: DeviceId, leaf: str, message: Ack | Answer) -> None:
        self.link.publish(self._topics.dev(device, leaf), encode(message))

    def _publish_state(self, state: DeviceState) -> None:
        state = state.model_copy(update={"births": self._births})
        self.link.publish(self._topics.dev(self._me, "state"), encode(state), retain=True)
