"""What a disk may hold after a power cut, worked out from the recording of what a process did to it.

Rule (fsync(2), rename(2)): a file's content is sure once the file is synced, a name once its folder is. Of everything
else any part may have arrived, in any order: each sector of a write by itself, each change of a folder by itself. A
rename is one change: both names or neither.
"""

from __future__ import annotations

import random
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

__all__ = ["Disk", "Record", "read_recording"]

_HEAD = struct.Struct("<cHIq")
_SECTORS = (512, 4096)
"""Bytes that a card or a disk writes whole."""
_ARRIVED = (0.0, 0.1, 0.5, 0.9, 1.0)
"""Shares of what was not synced that had arrived all the same: a cut draws one of them."""


@dataclass(frozen=True, slots=True)
class Record:
    """One act of the process, as `disk.c` writes it down."""

    act: str
    """`C`reate, make `D`irectory, `W`rite, `T`runcate, `S`ync, `R`ename, `U`nlink, and `A` line told to the outside."""
    path: str
    offset: int
    """Where a write begins; the size after a truncation."""
    data: bytes
    """What is written or told; the new name of a rename."""


def read_recording(path: Path) -> list[Record]:
    """Every act, oldest first."""
    content, place, records = path.read_bytes(), 0, []
    while place < len(content):
        act, path_length, data_length, offset = _HEAD.unpack_from(content, place)
        name = place + _HEAD.size
        data = name + path_length
        place = data + data_length
        records.append(Record(act.decode(), content[name:data].decode(), offset, content[data:place]))
    return records


@dataclass(slots=True, eq=False)
class _File:
    sure: bytes = b""
    unsure: list[tuple[int, bytes | None]] = field(default_factory=list)
    """Writes by their offset, and truncations, with None, by their size."""

    def sync(self) -> None:
        self.sure, self.unsure = self.after_cut(None, 1.0), []

    def after_cut(self, chance: random.Random | None, share: float) -> bytes:
        content = bytearray(self.sure)
        for offset, data in _pieces(self.unsure, chance.choice(_SECTORS) if chance else 1 << 62):
            if chance and chance.random() >= share:
                continue
            content.extend(bytes(max(0, offset + len(data or b"") - len(content))))
            if data is None:
                del content[offset:]
            else:
                content[offset : offset + len(data)] = data
        return bytes(content)


def _pieces(changes: Iterable[tuple[int, bytes | None]], sector: int) -> Iterator[tuple[int, bytes | None]]:
    for offset, data in changes:
        if data is None:
            yield offset, None
            continue
        start = 0
        while start < len(data):
            end = min(len(data), start + sector - (offset + start) % sector)
            yield offset + start, data[start:end]
            start = end


@dataclass(slots=True, eq=False)
class _Folder:
    now: dict[str, _File | _Folder] = field(default_factory=dict)
    """What the process sees."""
    sure: dict[str, _File | _Folder] = field(default_factory=dict)
    unsure: list[dict[str, _File | _Folder | None]] = field(default_factory=list)

    def change(self, names: dict[str, _File | _Folder | None]) -> None:
        _apply(self.now, names)
        self.unsure.append(names)

    def sync(self) -> None:
        self.sure, self.unsure = dict(self.now), []

    def after_cut(self, chance: random.Random | None, share: float) -> dict[str, _File | _Folder]:
        names = dict(self.sure)
        for change in self.unsure:
            if not chance or chance.random() < share:
                _apply(names, change)
        return names


def _apply(names: dict[str, _File | _Folder], change: dict[str, _File | _Folder | None]) -> None:
    for name, node in change.items():
        if node is None:
            names.pop(name, None)
        else:
            names[name] = node


class Disk:
    """A folder as the process has left it, and what of it is sure."""

    def __init__(self, folder: Path) -> None:
        """Everything that is in the folder now is sure."""
        self._root = _loaded(folder)

    def play(self, records: Iterable[Record]) -> Disk:
        """Do what a process did; returns this disk."""
        for record in records:
            self._do(record)
        return self

    def without_power(self, to: Path, chance: random.Random) -> Path:
        """Make the folder that a power cut at this moment could leave; returns it."""
        _write(self._root, to, chance, chance.choice(_ARRIVED))
        return to

    def with_power(self, to: Path) -> Path:
        """Make the folder as the process sees it; returns it."""
        _write(self._root, to, None, 1.0)
        return to

    def _do(self, record: Record) -> None:
        if record.act == "A":
            return
        folder, name = self._parent(record.path)
        match record.act:
            case "C":
                folder.change({name: _File()})
            case "D":
                folder.change({name: _Folder()})
            case "U":
                folder.change({name: None})
            case "R":
                to, new_name = self._parent(record.data.decode())
                assert to is folder, "a move between folders is two changes; nothing here does it"
                folder.change({name: None, new_name: folder.now[name]})
            case "S":
                (folder.now[name] if name else folder).sync()
            case "W" | "T":
                file = folder.now[name]
                assert isinstance(file, _File)
                file.unsure.append((record.offset, record.data if record.act == "W" else None))
            case other:
                raise ValueError(f"{other!r} is no act")

    def _parent(self, path: str) -> tuple[_Folder, str]:
        *folders, name = path.split("/")
        folder = self._root
        for step in folders:
            below = folder.now[step]
            assert isinstance(below, _Folder)
            folder = below
        return folder, name


def _loaded(folder: Path) -> _Folder:
    names: dict[str, _File | _Folder] = {
        one.name: _loaded(one) if one.is_dir() else _File(one.read_bytes()) for one in folder.iterdir()
    }
    return _Folder(now=dict(names), sure=names)


def _write(folder: _Folder, to: Path, chance: random.Random | None, share: float) -> None:
    to.mkdir(parents=True)
    for name, node in folder.after_cut(chance, share).items():
        if isinstance(node, _Folder):
            _write(node, to / name, chance, share)
        else:
            (to / name).write_bytes(node.after_cut(chance, share))
