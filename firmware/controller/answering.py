"""What devices ask, from the question to its outcome.

Rule: a question acts at most once and never late; its outcome is told after the journal has it, and again when asked
again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from core.edge.asking import Answers, Beats
from core.edge.site import Device
from core.room.commands import Command, GrantLetter, PresentSlip
from core.room.decide import CommandRejected
from core.room.ids import DeviceId
from core.wire.identity import new_id, new_token
from core.wire.messages import Answer, Ask, LetterWanted, Presented
from firmware.controller.sequencer import Sequencer

__all__ = ["Answering"]


class Answering:
    """Used from the thread that owns the sequencer."""

    def __init__(
        self,
        devices: Mapping[DeviceId, Device],
        sequencer: Sequencer,
        beats: Beats,
        tell: Callable[[DeviceId, Answer], None],
    ) -> None:
        """
        Args:
            tell: sends an outcome to whom it concerns.
        """
        self._devices = devices
        self._sequencer = sequencer
        self._beats = beats
        self._tell = tell
        self._answers = Answers()
        self._pending: list[tuple[DeviceId, Ask, str | None]] = []
        """Asked since the last commit, and why it was rejected, if so."""

    def take(self, device: DeviceId, ask: Ask, now_s: float) -> None:
        """Decide a question, and stage what follows.

        Args:
            now_s: real monotonic seconds.
        """
        if any((device, ask.id) == (asker, pending.id) for asker, pending, _ in self._pending):
            return
        known = self._answers.to(device, ask.id)
        if known is not None:
            self._tell(device, known)
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

    def settle(self, fault: str | None) -> None:
        """Tell the outcomes.

        Args:
            fault: why the journal did not take what was staged, if so.
        """
        for device, ask, rejected in self._pending:
            self._answer(device, self._outcome(ask, rejected or fault))
        self._pending.clear()

    def _command(self, device: DeviceId, ask: Ask) -> Command:
        """The command that a device may ask for.

        Raises:
            CommandRejected: it asks for another's room, or for what its role does not do.
        """
        asker = self._devices[device]
        if isinstance(ask.act, LetterWanted):
            if asker.role == "kiosk":
                return GrantLetter(disk=ask.act.disk, kiosk=device, letter=ask.act.letter)
        elif isinstance(ask.act, Presented):
            if asker.role == "kiosk":
                slip, service, language = ask.act.slip, ask.act.service, ask.act.language
                return PresentSlip(slip=slip, ticket=new_id(), token=new_token(), service=service, language=language)
        elif asker.role == "room" and getattr(ask.act, "room", asker.room) == asker.room:
            return ask.act
        raise CommandRejected("not-yours", f"{device} may not ask for {ask.act.kind}")

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

    def _answer(self, device: DeviceId, answer: Answer) -> None:
        self._answers.keep(device, answer)
        self._tell(device, answer)
