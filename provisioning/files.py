"""Files as provisioning leaves them: whole or not at all, untouched if nothing changes, secrets for the owner only."""

from __future__ import annotations

import os
from pathlib import Path

__all__ = ["write", "write_secret"]


def write(path: Path, content: str | bytes) -> None:
    """Make the file hold exactly this; anyone may read it."""
    _write(path, content, 0o644)


def write_secret(path: Path, content: str | bytes) -> None:
    """Make the file hold exactly this; only its owner may read it, from the first byte on."""
    _write(path, content, 0o600)


def _write(path: Path, content: str | bytes, mode: int) -> None:
    data = content.encode() if isinstance(content, str) else content
    if path.exists() and path.read_bytes() == data:
        path.chmod(mode)
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    part.chmod(mode)
    part.replace(path)
