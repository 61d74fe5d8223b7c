"""The room unit at work: buttons ask the controller, lamp and buzzer show what came of it and whether somebody waits.

Rule: used from one thread, which brings it everything: edges, messages, acts of the touch screen, the passing of time.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import cast

from core.edge.disk import disk_alert
from core.edge.notify import notify_alive
from core.room.commands import StaffAct
from core.wire.messages import Alert, Answer, Kept, Named
from firmware.drivers.gpio import Gpio, Pattern
from firmware.inbox import Arrived, LinkChanged
from firmware.kept import KeptScreen
from firmware.room.acts import act_of
from firmware.room.buzzer import FIRST_PATIENT, RINGING, has_first_patient, sound
from firmware.room.gestures import ButtonState, Edge, Gesture, due_s, follow, is_stuck, ticked
from firmware.room.lamp import NO, TICKS, WARNING, answer_to, lasting
from firmware.room.settings import RoomFile
from firmware.station import DayWanted, ScreenChanged, Settled, Station

__all__ = ["TICK_S", "RoomUnit"]

TICK_S = 0.25
"""How late the lamp may notice what only time tells: silence of the controller, the end of a question's lifetime."""

_TTL_S = 3.0
"""A doctor who sees no answer for so long has turned away; the act must not happen behind their back."""


class RoomUnit:
    """Without its buttons and lamp it still says that it is there, and what is wrong."""

    def __init__(
        self,
        settings: RoomFile,
        station: Station,
        gpio: Gpio | None,
        *,
        alerts: list[Alert],
        on_settled: Callable[[StaffAct, Answer | None], None],
        on_named: Callable[[Named], None] = lambda _: None,
        shown_warning_ms: Callable[[], int | None] = lambda: None,
    ) -> None:
        """
        Args:
            alerts: what the start has found wrong, and only a restart mends.
            on_settled: hears the outcome of every act.
            on_named: hears whom the room has called, where the centre asks for names.
            shown_warning_ms: when the warning was raised that stands on the touch screen; None while none does.
        """
        self._room = settings.room
        self._holds = settings.button
        self._station = station
        self._gpio = gpio
        self._found = alerts
        self._on_settled = on_settled
        self._on_named = on_named
        self._shown_warning_ms = shown_warning_ms
        self._data = settings.data
        self._kept = KeptScreen(settings.data)
        now_s = time.monotonic()
        self._buttons = {
            name: ButtonState(now_s, is_seen=False) if button.is_pressed else ButtonState()
            for name, button in (gpio.buttons.items() if gpio else ())
        }

    def patience_s(self) -> float:
        """How long nothing has to be done, if nothing comes."""
        tick_s = due_s(self._buttons["call"], self._holds) if self._gpio else None
        return TICK_S if tick_s is None else min(TICK_S, max(0.0, tick_s - time.monotonic()))

    def work(self, item: Edge | Arrived | LinkChanged | None) -> None:
        """Take in an item of the inbox, if one came, and bring lamp, buzzer, health and disk up to date."""
        self._leave_broken()
        match item:
            case Edge():
                self._follow(item)
            case Arrived() | LinkChanged():
                self._hear(item)
        self._tick()
        for late in self._station.late_questions():
            self._settle(late)
        is_fresh = self._station.screen_is_fresh()
        self._show(lasting(self._station.screen, self._room, is_fresh=is_fresh))
        self._sound(sound(self._station.screen, is_fresh=is_fresh))
        self._station.link.watch()
        self._station.count_start()
        self._station.tell(self._alerts(), self._station.screen.rev if self._station.screen else None, self._rings_ms())
        self._kept.keep(self._station.screen, time.monotonic())
        if self._hears_presses():
            # Only a restart brings a dead GPIO back; until the watchdog sees to it, the health says what is wrong.
            notify_alive()

    def ask(self, act: StaffAct, at_s: float) -> None:
        """Ask the controller for an act; its outcome is shown, whatever it is.

        Args:
            at_s: when the person asked for it, in monotonic seconds.
        """
        ttl_s = at_s + _TTL_S - time.monotonic()
        if ttl_s <= 0 or self._station.ask(act, ttl_s) is None:
            self._show(answer_to(None))
            self._on_settled(act, None)

    def _follow(self, edge: Edge) -> None:
        self._buttons[edge.button], gesture = follow(self._buttons[edge.button], edge, self._holds)
        if gesture is None:
            return
        screen = self._station.screen
        act = act_of(edge.button, gesture, self._room, is_ringing=screen is not None and screen.warning is not None)
        if act is not None:
            self.ask(act, edge.at_s)
        elif gesture is Gesture.UNSURE:
            self._show(NO)

    def _tick(self) -> None:
        """Tell the hand on the call button what it means to let go now."""
        if self._gpio is None:
            return
        button = self._buttons["call"]
        self._buttons["call"] = now = ticked(button, time.monotonic(), self._holds)
        if now.ticks > button.ticks:
            self._show(TICKS[now.ticks - 1])

    def _leave_broken(self) -> None:
        """A button whose wire is broken is not believed, nor what was said with it when it broke."""
        for name, button in self._gpio.buttons.items() if self._gpio else ():
            if button.is_wire_broken():
                self._buttons[name] = ButtonState()

    def _hear(self, item: Arrived | LinkChanged) -> None:
        before = self._station.screen
        match self._station.handle(item):
            case Settled() as settled:
                self._settle(settled)
            case Named() as named:
                self._on_named(named)
            case DayWanted():
                self._station.offer(Kept(screen=self._station.screen or self._kept.screen))
            case ScreenChanged(screen) if has_first_patient(before, screen, self._room):
                self._sound(FIRST_PATIENT)

    def _settle(self, settled: Settled) -> None:
        self._show(answer_to(settled.answer))
        act = cast("StaffAct", settled.ask.act)  # a room unit asks for nothing else
        self._on_settled(act, settled.answer)

    def _show(self, pattern: Pattern) -> None:
        if self._gpio is not None:
            self._gpio.lamp.show(pattern)

    def _sound(self, pattern: Pattern) -> None:
        if self._gpio is not None and self._gpio.buzzer is not None:
            self._gpio.buzzer.show(pattern)

    def _rings_ms(self) -> int | None:
        """When the warning was raised that can be heard or seen here, now."""
        warning = self._station.screen.warning if self._station.screen else None
        if warning is None or self._gpio is None:
            return self._shown_warning_ms()
        lamp, buzzer = self._gpio.lamp, self._gpio.buzzer
        is_seen = lamp.is_alive() and lamp.pattern == WARNING
        is_heard = buzzer is not None and buzzer.is_alive() and buzzer.pattern == RINGING
        return warning.at_ms if is_seen or is_heard else self._shown_warning_ms()

    def _hears_presses(self) -> bool:
        return self._gpio is not None and self._gpio.is_alive()

    def _alerts(self) -> list[Alert]:
        alerts = list(self._found)
        if self._gpio is not None:
            now_s, buttons = time.monotonic(), self._gpio.buttons
            alerts += [] if self._gpio.is_alive() else [Alert(code="gpio-dead")]
            stuck = [name for name, button in self._buttons.items() if is_stuck(button, now_s, self._holds)]
            broken = [name for name, button in buttons.items() if button.is_wire_broken()]
            alerts += [Alert(code="button-stuck", detail=f"button {name}: free it") for name in stuck]
            alerts += [Alert(code="button-wire-broken", detail=f"button {name}: see to its wires") for name in broken]
        disk_fault = self._kept.fault or self._station.disk_fault
        if disk_fault:
            alerts.append(disk_alert(disk_fault, self._data))
        return alerts
