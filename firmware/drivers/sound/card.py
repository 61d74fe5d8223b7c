"""One aplay, from its start to its end: samples go in, and out of the loudspeaker.

A process beside us was chosen over SDL's mixer (docs/adr/0017): it costs 3 ms and 3 MB while something is heard and
nothing otherwise, it can be killed in the middle of a word, and a card that hangs hangs it and not us.
"""

from __future__ import annotations

import contextlib
import os
import select
import subprocess
from types import TracebackType
from typing import IO, cast

from firmware.drivers.errors import SoundAbsent, SoundStalled
from firmware.drivers.sound.speech import RATE

__all__ = ["Card"]

_STALL_S = 3.0
"""A card takes samples every tenth of a second; one that takes none for this long hangs."""
_REST_S = 4.0
"""Longest time until the end once all is handed over: 1.5 s lie in the pipe, half a second in the card."""


class Card:
    """Plays what is written, in order.

    Raises:
        SoundAbsent: there is no aplay.
    """

    def __init__(self, device: str) -> None:
        """
        Args:
            device: ALSA's name of it, as `aplay -L` lists them.
        """
        self._device = device
        command = ["aplay", "-q", "-D", device, "-t", "raw", "-f", "S16_LE", "-c", "1", "-r", str(RATE)]
        try:
            self._aplay = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, bufsize=0
            )
        except OSError as error:
            raise SoundAbsent(f"aplay cannot be started ({error.strerror}); install alsa-utils") from error
        self._pipe, self._complaints = cast("IO[bytes]", self._aplay.stdin), cast("IO[bytes]", self._aplay.stderr)
        os.set_blocking(self._pipe.fileno(), False)

    def __enter__(self) -> Card:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.cut()
        self._pipe.close()
        with contextlib.suppress(subprocess.TimeoutExpired):  # stuck in the kernel, at a card that hangs
            self._aplay.wait(_REST_S)
        self._complaints.close()

    def write(self, samples: bytes) -> None:
        """Hand samples over, at the pace at which they are played.

        Raises:
            SoundAbsent: aplay has ended: by itself, or by `cut`.
            SoundStalled: the card takes no more.
        """
        left = memoryview(samples)
        while left:
            _, is_ready, _ = select.select([], [self._pipe], [], _STALL_S)
            if not is_ready:
                raise SoundStalled(f"the sound card {self._device} takes nothing any more; see its cable, then restart")
            try:
                left = left[os.write(self._pipe.fileno(), left) :]
            except BrokenPipeError as error:
                raise self._absent() from error

    def finish(self) -> None:
        """Wait until the last sample has been heard.

        Raises:
            SoundAbsent: aplay has failed.
            SoundStalled: it does not come to its end.
        """
        self._pipe.close()
        try:
            code = self._aplay.wait(_REST_S)
        except subprocess.TimeoutExpired as error:
            raise SoundStalled(f"the sound card {self._device} does not end; see its cable, then restart") from error
        if code:
            raise self._absent()

    def cut(self) -> None:
        """Be silent at once; from any thread, and also after the end."""
        self._aplay.kill()

    def _absent(self) -> SoundAbsent:
        complaints = b""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._aplay.wait(_REST_S)
            complaints = self._complaints.read()
        last = complaints.decode(errors="replace").strip().splitlines()[-1:]
        return SoundAbsent(
            f"nothing can be heard from {self._device} ({''.join(last) or 'aplay has ended'}); plug in a sound card,"
            " or name one that aplay -L lists"
        )
