"""The paper's side of the printer: what comes out of the slot when these bytes go in.

An ESC/POS interpreter written from Epson's "ESC/POS Command Reference for TM Printers", with Custom's presenter. It
shares no code with the encoder, so that the two cannot agree by mistake.

Rule: a byte that it was not taught is an error, never skipped.
"""

from __future__ import annotations

from collections.abc import Callable

from PIL import Image

__all__ = ["CutShort", "UnknownCommand", "UnreadableJob", "print_out"]

_WHITE = 1


class UnreadableJob(Exception):
    """Bytes that no printer would make a slip of."""


class UnknownCommand(UnreadableJob):
    """A byte that starts no command known here."""

    def __init__(self, offset: int, byte: int) -> None:
        super().__init__(f"unknown command: byte 0x{byte:02x} at offset {offset}")
        self.offset = offset
        self.byte = byte


class CutShort(UnreadableJob):
    """The bytes end in the middle of a command."""

    def __init__(self, offset: int) -> None:
        super().__init__(f"the job ends in the middle of the command at offset {offset}")
        self.offset = offset


def print_out(job: bytes, *, width_dots: int = 576) -> list[Image.Image]:
    """The slips that fall, one per cut, as 1-bit pictures; what is printed and not cut hangs out as the last one.

    Raises:
        UnreadableJob: the printer would print rubbish, or wait for more.
    """
    return _Printer(job, width_dots).run()


class _Printer:
    """Reads from the first byte to the last; one method per command."""

    def __init__(self, job: bytes, width_dots: int) -> None:
        self._job = job
        self._at = 0
        self._start = 0
        self._width = width_dots
        self._strips: list[Image.Image] = []
        self._slips: list[Image.Image] = []
        self._commands: dict[bytes, Callable[[], None]] = {
            b"\x00": lambda: None,  # ignored between commands
            b"\n": lambda: self._feed(30),  # LF: 1/6 inch, the spacing after ESC @
            b"\x10\x04": lambda: self._skip(1),  # DLE EOT: answers, prints nothing
            b"\x10\x14\x08": self._clear,
            b"\x1b@": lambda: None,
            b"\x1bJ": lambda: self._feed(self._byte()),
            b"\x1bd": lambda: self._feed(30 * self._byte()),
            b"\x1bi": self._cut,
            b"\x1bm": self._cut,
            b"\x1dV": self._cut_as_told,
            b"\x1de": self._present,
            b"\x1dr": lambda: self._skip(1),  # GS r: answers, prints nothing
            b"\x1dv0": self._raster,
        }

    def run(self) -> list[Image.Image]:
        while self._at < len(self._job):
            self._start = self._at
            self._command()()
        self._cut()
        return self._slips

    def _command(self) -> Callable[[], None]:
        for length in (1, 2, 3):
            name = self._job[self._at : self._at + length]
            if name in self._commands:
                self._at += length
                return self._commands[name]
            if len(name) < length and any(known.startswith(name) for known in self._commands):
                raise CutShort(self._start)
        raise UnknownCommand(self._at, self._job[self._at])

    def _take(self, count: int) -> bytes:
        taken = self._job[self._at : self._at + count]
        if len(taken) < count:
            raise CutShort(self._start)
        self._at += count
        return taken

    def _byte(self) -> int:
        return self._take(1)[0]

    def _skip(self, count: int) -> None:
        self._take(count)

    def _clear(self) -> None:
        """DLE DC4, fn 8: forget what is not on paper yet. Here all is on paper at once."""
        if self._take(7) != b"\x01\x03\x14\x01\x06\x02\x08":
            raise UnknownCommand(self._start, 0x10)

    def _raster(self) -> None:
        """GS v 0: rows of dots, doubled in width by bit 0 of the mode and in height by bit 1."""
        mode = self._byte()
        if mode not in {0, 1, 2, 3, 48, 49, 50, 51}:
            raise UnknownCommand(self._at - 1, mode)
        columns = 8 * int.from_bytes(self._take(2), "little")
        rows = int.from_bytes(self._take(2), "little")
        burnt = Image.frombytes("1", (columns, rows), self._take(columns * rows // 8))
        strip = Image.new("1", (self._width, rows * (2 if mode & 2 else 1)), _WHITE)
        dots = burnt.resize((columns * (2 if mode & 1 else 1), strip.height), Image.Resampling.NEAREST)
        strip.paste(0, (0, 0), dots)
        self._strips.append(strip)

    def _feed(self, rows: int) -> None:
        if rows:
            self._strips.append(Image.new("1", (self._width, rows), _WHITE))

    def _cut_as_told(self) -> None:
        """GS V: function A cuts where the paper is, function B feeds n rows beyond the blade first."""
        kind = self._byte()
        if kind in {65, 66}:
            self._feed(self._byte())
        elif kind not in {0, 1, 48, 49}:
            raise UnknownCommand(self._at - 1, kind)
        self._cut()

    def _cut(self) -> None:
        height = sum(strip.height for strip in self._strips)
        if height == 0:
            return
        slip = Image.new("1", (self._width, height), _WHITE)
        top = 0
        for strip in self._strips:
            slip.paste(strip, (0, top))
            top += strip.height
        self._slips.append(slip)
        self._strips.clear()

    def _present(self) -> None:
        """GS e on a printer with a presenter: 3 n presents n steps, 5 ejects."""
        kind = self._byte()
        if kind == 3:
            self._skip(1)
        elif kind != 5:
            raise UnknownCommand(self._at - 1, kind)
