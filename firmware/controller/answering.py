"""What devices and the network ask, from the question to its outcome.

Rule: a question acts at most once and never late; its outcome is told after the journal has it, and again when asked
again.
"""

from __future__ import annotations

from collections.abc import Callable

from core.edge.asking import Answers, Beats
from core.edge.site import Site
from core.room.commands import GrantLetter, PresentSlip, Transfer
from core.room.ids import DeviceId, RoomId
from core.room.rejection import CommandRejected, reject
from core.room.roster import is_past_end
from core.wire.messages import Answer, Ask, LetterWanted, Presented
from firmware.controller.rights import granted_to, granted_to_network
from firmware.controller.sequencer import Sequencer

__all__ = ["NETWORK", "Answering"]

NETWORK = DeviceId("@network")
"""The agent, as an asker; no id of a device looks like this."""


class Answering:
    """Used from the thread that owns the sequencer."""

    def __init__(
        self, site: Site, sequencer: Sequencer, beats: Beats, tell: Callable[[DeviceId, Answer], None]
    ) -> None:
        """
        Args:
            beats: those that the screens have shown.
            tell: sends an outcome to whom it concerns.
        """
        self._devices = {DeviceId(device.id): device for device in site.devices}
        self._services = {service.id for service in site.services}
        self._sequencer = sequencer
        self._beats = beats
        self._tell = tell
        self._answers = Answers()
        self._pending: list[tuple[DeviceId, Ask, str | None]] = []
        """Asked since the last commit, and why it was rejected, if so."""

    def take(self, asker: DeviceId, ask: Ask, now_s: float) -> None:
        """Decide a question, and stage what follows.

        Args:
            asker: a device of the site, or `NETWORK`.
            now_s: real monotonic seconds.
        """
        if any((asker, ask.id) == (other, pending.id) for other, pending, _ in self._pending):
            return
        known = self._answers.to(asker, ask.id)
        if known is not None:
            self._tell(asker, known)
            return
        age_s = self._beats.age_s(ask.beat, now_s)
        if age_s is None or age_s > ask.ttl_s:
            # Devices hear beats on the screen; the network, which hears none, asks once more under this one.
            beat = self._beats.newest if asker == NETWORK else None
            self._answer(asker, Answer(id=ask.id, outcome="expired", beat=beat))
            return
        try:
            self._submit(asker, ask)
            self._pending.append((asker, ask, None))
        except CommandRejected as rejected:
            self._pending.append((asker, ask, rejected.code))

    def settle(self, fault: str | None) -> None:
        """Tell the outcomes.

        Args:
            fault: why the journal did not take what was staged, if so.
        """
        for asker, ask, rejected in self._pending:
            self._answer(asker, self._outcome(ask, rejected or fault))
        self._pending.clear()

    def _submit(self, asker: DeviceId, ask: Ask) -> None:
        """
        Raises:
            CommandRejected: the asker may not have it, or it cannot be done now.
        """
        device = self._devices.get(asker)
        if device is None:
            command = granted_to_network(ask.act, self._is_past_end)
        else:
            command = granted_to(device, ask.act, self._is_past_end)
        if command is None:
            reject("not-yours", f"{asker} may not ask for {ask.act.kind}")
        if isinstance(command, Transfer) and command.service not in self._services:
            reject("unknown-service", f"the centre has no service {command.service}")
        if isinstance(command, GrantLetter | PresentSlip):
            self._sequencer.submit(command, cause=ask.id)
            return
        room = getattr(command, "room", device.room if device else None)
        self._sequencer.submit_act(command, cause=ask.id, room=RoomId(room) if room else None)

    def _is_past_end(self, room: RoomId) -> bool:
        return is_past_end(self._sequencer.state, room, self._sequencer.now_ms(), self._sequencer.policy)

    def _outcome(self, ask: Ask, code: str | None) -> Answer:
        if code is not None:
            return Answer(id=ask.id, outcome="rejected", code=code)
        if isinstance(ask.act, LetterWanted):
            # None when the day began in the same batch and gave the letter of an earlier disk away.
            grant = self._sequencer.state.grants.get(ask.act.disk)
            return Answer(id=ask.id, outcome="done" if grant else "expired", letter=grant.letter if grant else None)
        if isinstance(ask.act, Presented):
            shown = self._sequencer.state.with_slip(ask.act.slip)
            return Answer(id=ask.id, outcome="done", number=shown.number if shown else None)
        room = getattr(ask.act, "room", None)
        ticket = self._sequencer.state.in_room(room) if room else None
        return Answer(id=ask.id, outcome="done", number=ticket.number if ticket else None)

    def _answer(self, asker: DeviceId, answer: Answer) -> None:
        self._answers.keep(asker, answer)
        self._tell(asker, answer)
