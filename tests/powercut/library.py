"""`disk.c`, built and preloaded."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

__all__ = ["FaultyDisk", "build", "remembering"]

_SOURCE = Path(__file__).with_name("disk.c")


def build(folder: Path) -> Path:
    """Build the library; returns where it is.

    Raises:
        RuntimeError: there is no compiler, or it does not take the source.
    """
    library = folder / "disk.so"
    command = ["cc", "-shared", "-fPIC", "-O2", "-Wall", "-Wextra", "-Werror", "-o", library, _SOURCE, "-ldl"]
    try:
        subprocess.run(command, check=True, capture_output=True, text=True, timeout=60)
    except FileNotFoundError as error:
        raise RuntimeError("no C compiler: install gcc and libc6-dev (scripts/need gcc libc6-dev)") from error
    except subprocess.CalledProcessError as error:
        raise RuntimeError(f"{_SOURCE.name} does not build:\n{error.stderr}") from error
    return library


def remembering(library: Path, folder: Path, recording: Path) -> dict[str, str]:
    """The environment in which a process's acts on a folder are written down."""
    return {"LD_PRELOAD": str(library), "BORNE_DISK": str(folder.resolve()), "BORNE_DISK_LOG": str(recording)}


class FaultyDisk:
    """A folder whose disk falls ill and recovers while processes use it."""

    def __init__(self, library: Path, note: Path) -> None:
        """
        Args:
            note: what the disk answers is written here, beside it.
        """
        self._library = library
        self._note = note

    def under(self, folder: Path) -> None:
        """Have every process that is started from now on find this disk under a folder."""
        os.environ |= {
            "LD_PRELOAD": str(self._library),
            "BORNE_DISK": str(folder.resolve()),
            "BORNE_DISK_ILL": str(self._note),
        }

    def falls_ill(self, code: int) -> None:
        """From now on the disk answers with this errno."""
        fresh = self._note.with_suffix(".new")
        fresh.write_text(str(code))
        fresh.replace(self._note)

    def recovers(self) -> None:
        self._note.unlink()
