"""The controller's own connection to the network: its journal as an outbox, its newest state as one retained message.

What the network plans and asks, and what it tells of other centres, comes down the same way.

Rule: nothing here can hold up the centre. The newest state goes ahead of a backlog; what cannot be sent waits on the
disk; what is asked from outside acts by the same rules as a press, or not at all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from core.edge.intake import Intake
from core.edge.journal import JournalFault
from core.edge.link import Link, LinkSettings
from core.edge.outbox import Outbox
from core.room.ids import DeviceId, SiteId
from core.room.state import fingerprint
from core.wire.coding import encode, wrap_log
from core.wire.messages import (
    Ack,
    AgentState,
    Answer,
    Ask,
    DeviceState,
    Fleet,
    Learnt,
    LinkState,
    Network,
    SiteConfig,
    Snap,
)
from core.wire.topics import AGENT_STATE, SiteTopics, parse
from firmware.controller.answering import NETWORK, Answering
from firmware.controller.gather import Gather
from firmware.controller.network import OtherCentres
from firmware.controller.plan import Plan
from firmware.controller.sequencer import Sequencer
from firmware.inbox import Arrived, Inbox, LinkChanged, Work

__all__ = ["Uplink"]

_SNAP_EVERY_S = 1.0
"""A snapshot follows the newest event within this time; the events themselves go at once."""
_SNAP_EVERY_BEHIND_S = 0.05
"""While a backlog drains the pages live from snapshots."""
_BEHIND = 200
"""Entries waiting that make a backlog: one full message."""
_FLEET_EVERY_S = 5.0


class Uplink:
    """Used from the thread that owns the sequencer, but for what it puts on the inbox."""

    def __init__(
        self,
        settings: LinkSettings,
        site: SiteId,
        sequencer: Sequencer,
        *,
        boot: int,
        inbox: Inbox[Work],
        answering: Answering | None = None,
        plan: Plan | None = None,
        others: OtherCentres | None = None,
        gather: Gather | None = None,
    ) -> None:
        """
        Args:
            boot: the controller's starts, counted on its disk.
            answering: decides what the network asks; its outcomes come back by `answer`. None: nobody is heard.
            plan: where what the network plans is kept; None: it is not heard.
            others: where what it tells of other centres is kept; None: it is not heard.
            gather: asks for the day that a new disk does not know.
        """
        self.intake = Intake()
        self.fault: JournalFault | None = None
        """Why the journal could not be read the last time; the newest state goes out all the same."""
        self._topics = SiteTopics(site)
        self._sequencer = sequencer
        self._state = LinkState(
            boot=boot,
            epoch=sequencer.journal.epoch,
            online=True,
            is_gathering=gather is not None and gather.is_asking,
        )
        self._answering = answering
        self._plan = plan
        self._others = others
        self._agent_is_there = False
        """Without an agent at its other end the pipe swallows the log; what is retained waits for one."""
        self._gather = gather
        self._snapped_seq = -1
        self._snapped_s = float("-inf")
        self._fleet: Mapping[DeviceId, DeviceState] = {}
        self._told_s = float("-inf")
        self._told_fleet: Mapping[DeviceId, DeviceState] | None = None
        self._learnt: Learnt | None = None
        self._told_learnt: Learnt | None = None
        wanted = {"cfg": plan, "net": others, "cmd": answering}
        leaves = ["ack", "snap", *(leaf for leaf, taker in wanted.items() if taker is not None)]
        self.link = Link(
            settings,
            client_id=site,
            filters=[*map(self._topics.down, leaves), AGENT_STATE],
            # Each topic has its own share: no flood of questions stands before an acknowledgement.
            on_message=lambda topic, payload: inbox.put((self.handle, Arrived(topic, payload)), topic),
            on_up=lambda: inbox.put((self.handle, LinkChanged(is_up=True))),
            on_down=lambda: inbox.put((self.handle, LinkChanged(is_up=False))),
            will=(self._topics.up("link"), encode(self._state.model_copy(update={"online": False}))),
        )
        self.outbox = Outbox(sequencer.journal, self._send_log)

    def start(self) -> None:
        self.link.start()

    def stop(self) -> None:
        self.link.publish(
            self._topics.up("link"), encode(self._state.model_copy(update={"online": False})), retain=True
        )
        self.link.stop()

    def handle(self, item: Arrived | LinkChanged, now_s: float) -> None:
        """Take in an item of the inbox.

        Args:
            now_s: real monotonic seconds.
        """
        if isinstance(item, LinkChanged):
            self._agent_is_there = False  # until it is heard on this connection
            if item.is_up:
                self._introduce()
            return
        if item.topic == AGENT_STATE:
            agent = self.intake.read(AgentState, item.topic, item.payload)
            if agent is not None:
                self._agent_is_there = agent.online
                if agent.online:
                    self._introduce()
                    self.outbox.link_is_up()
            return
        address = parse(item.topic)
        match address.leaf if address is not None and address.branch == "down" else None:
            case "ack":
                ack = self.intake.read(Ack, item.topic, item.payload)
                if ack is not None:
                    self.outbox.acknowledged(ack.epoch, ack.upto, now_s, ack.refused)
            case "snap":
                snap = self.intake.read(Snap, item.topic, item.payload)
                if snap is not None and self._gather is not None and not self._gather.take_snap(snap):
                    self.intake.refuse(item.topic, "a state that is not what its fingerprint says")
            case "cfg" if self._plan is not None:
                self._take_plan(self._plan, item)
            case "net" if self._others is not None:
                network = self.intake.read(Network, item.topic, item.payload)
                if network is not None:
                    self._others.file.take(network)
            case "cmd" if self._answering is not None:
                ask = self.intake.read(Ask, item.topic, item.payload)
                if ask is not None and not self._is_gathering:
                    self._answering.take(NETWORK, ask, now_s)
            case _:
                self.intake.refuse(item.topic, "unknown topic")

    def answer(self, answer: Answer) -> None:
        """Tell the network the outcome of its question."""
        self.link.publish(self._topics.up("res"), encode(answer))

    def _take_plan(self, plan: Plan, item: Arrived) -> None:
        config = self.intake.read(SiteConfig, item.topic, item.payload)
        if config is None:
            return
        try:
            plan.take(config)
        except ValueError as error:
            self.intake.refuse(item.topic, str(error))
        self._sequencer.policy = plan.policy

    @property
    def _is_gathering(self) -> bool:
        return self._gather is not None and self._gather.is_asking

    def know_fleet(self, fleet: Mapping[DeviceId, DeviceState]) -> None:
        """The site's devices as last heard, this one included."""
        self._fleet = fleet

    def know_habits(self, learnt: Learnt | None) -> None:
        """What the centre's past days have taught; None before the first."""
        self._learnt = learnt

    def pump(self, now_s: float) -> None:
        """Send what may be sent now; the newest state goes ahead of a backlog, and behind a single event."""
        if not self.link.is_up or self._is_gathering:
            return
        if self._state.is_gathering:
            self._state = self._state.model_copy(update={"is_gathering": False})
            self._introduce()
        is_behind = self.outbox.waiting > _BEHIND
        if is_behind:
            self._snap(now_s, _SNAP_EVERY_BEHIND_S)
        self.fault = None
        if self._agent_is_there:
            try:
                self.outbox.pump(now_s)
            except JournalFault as fault:
                self.fault = fault
        if not is_behind:
            self._snap(now_s, _SNAP_EVERY_S)
        if self._fleet != self._told_fleet and now_s - self._told_s >= _FLEET_EVERY_S and self._send_fleet():
            self._told_fleet, self._told_s = dict(self._fleet), now_s
        if self._learnt is not self._told_learnt and self._send_habits(self._learnt):
            self._told_learnt = self._learnt

    def _introduce(self) -> None:
        """A new connection, or an agent that starts: say who we are, and how the centre stands."""
        self.link.publish(self._topics.up("link"), encode(self._state), retain=True)
        self._snapped_seq, self._snapped_s = -1, float("-inf")
        self._told_fleet, self._told_s = None, float("-inf")
        self._told_learnt = None

    def _send_log(self, first: int, bodies: Sequence[bytes]) -> bool:
        return self.link.publish(
            self._topics.up("log"), wrap_log(self._state.epoch, first, bodies, oldest=self._sequencer.journal.first)
        )

    def _snap(self, now_s: float, every_s: float) -> None:
        seq, state = self._sequencer.seq, self._sequencer.state
        if seq == self._snapped_seq or now_s - self._snapped_s < every_s:
            return
        snap = Snap(
            epoch=self._state.epoch,
            seq=seq,
            fingerprint=fingerprint(state),
            at_ms=self._sequencer.now_ms(),
            state=state,
        )
        if self.link.publish(self._topics.up("snap"), encode(snap), retain=True):
            self._snapped_seq, self._snapped_s = seq, now_s

    def _send_fleet(self) -> bool:
        return self.link.publish(self._topics.up("fleet"), encode(Fleet(devices=dict(self._fleet))), retain=True)

    def _send_habits(self, learnt: Learnt | None) -> bool:
        return learnt is None or self.link.publish(self._topics.up("habits"), encode(learnt), retain=True)
