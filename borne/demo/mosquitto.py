"""The broker's program on this machine: found, installed, or unpacked into the project's own folder.

Rule: every step has a time limit, and the last one that fails says in one line what a person has to install.
"""

from __future__ import annotations

import logging
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

__all__ = ["MosquittoMissing", "find_mosquitto", "unpack"]

_LOG = logging.getLogger(__name__)

_OLDEST = (2, 0, 11)
"""Debian 12's. Before 2.0 there is no MQTT 5 reason code for every refusal."""

_ASK_S = 10
_FETCH_S = 180
"""Debian's package index is 9 MB; a slow line brings it in two minutes."""

_LAUNCHER = """\
#!/bin/sh
# Written by borne.demo.mosquitto: runs the unpacked program with the libraries unpacked beside it.
here=$(dirname "$(readlink -f "$0")")
LD_LIBRARY_PATH={libraries} exec "$here/unpacked/usr/sbin/mosquitto" "$@"
"""


class MosquittoMissing(Exception):
    """There is no usable mosquitto and none can be had here; the message says what to install."""


def find_mosquitto(tools: Path, *, path: str | None = None) -> Path:
    """A mosquitto that can be started by its path alone.

    Tried in this order: the machine's own, the one unpacked earlier, `apt-get install` as root or by passwordless sudo,
    and unpacking Debian's packages without root.

    Args:
        tools: the project's folder for programs, outside git; only unpacking writes there.
        path: where to look for mosquitto and apt-get, instead of `PATH` and the folders that only root has on it.

    Raises:
        MosquittoMissing: none of these gave a mosquitto of 2.0.11 or later.
    """
    # Debian puts it into /usr/sbin.
    path = f"{os.environ.get('PATH', '')}:/usr/local/sbin:/usr/sbin" if path is None else path
    found = _installed(tools, path)
    if found is None and shutil.which("apt-get", path=path):
        found = (_install() and _installed(tools, path)) or unpack(tools)
    if found is None:
        raise MosquittoMissing("mosquitto 2.0.11 or later is missing: install it with this system's package manager")
    return found


def unpack(tools: Path) -> Path | None:
    """Unpack Debian's package, and those that it needs and this machine lacks, without being root."""
    _LOG.info("unpacking mosquitto into %s", tools)
    tools.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=tools) as part:
        folder = Path(part) / "mosquitto"
        folder.mkdir()
        if not (_download(["apt-get"], folder) or _download(_own_apt(Path(part)), folder)):
            return None
        for package in folder.glob("*.deb"):
            if not _succeeds(["dpkg", "-x", str(package), str(folder / "unpacked")]):
                return None
            package.unlink()
        _write_launcher(folder)
        shutil.rmtree(tools / "mosquitto", ignore_errors=True)
        folder.rename(tools / "mosquitto")
    unpacked = tools / "mosquitto" / "mosquitto"
    return unpacked if _version(unpacked) >= _OLDEST else None


def _installed(tools: Path, path: str) -> Path | None:
    candidates = [*(Path(folder, "mosquitto") for folder in path.split(":")), tools / "mosquitto" / "mosquitto"]
    return next((program for program in candidates if _version(program) >= _OLDEST), None)


def _version(program: Path) -> tuple[int, ...]:
    """What the program says it is; empty if it does not run."""
    try:
        # Exits with 3 after its help.
        shown = subprocess.run([program, "-h"], capture_output=True, text=True, timeout=_ASK_S, check=False).stdout
    except (OSError, subprocess.TimeoutExpired):
        return ()
    match = re.search(r"version (\d+)\.(\d+)\.(\d+)", shown)
    return tuple(int(part) for part in match.groups()) if match else ()


def _install() -> bool:
    """Install Debian's package, if this process may."""
    may = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if may and not _succeeds([*may, "true"], timeout_s=_ASK_S):
        return False
    _LOG.info("installing mosquitto with apt-get")
    apt = [*may, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get"]
    install = [*apt, "install", "-y", "--no-install-recommends", "mosquitto"]
    # The lists are usually removed from a container's image.
    return _succeeds(install) or (_succeeds([*apt, "update"]) and _succeeds(install))


def _own_apt(folder: Path) -> list[str]:
    """An apt-get with package lists of its own, just fetched: the machine's are missing, or older than its mirror."""
    lists, cache = folder / "lists", folder / "cache"
    (lists / "partial").mkdir(parents=True)
    (cache / "archives" / "partial").mkdir(parents=True)
    apt = ["apt-get", "-o", f"Dir::State::Lists={lists}", "-o", f"Dir::Cache={cache}"]
    _succeeds([*apt, "update"])
    return apt


def _download(apt: Sequence[str], folder: Path) -> bool:
    """Fetch mosquitto and what installing it would bring; apt checks the signatures."""
    plan = _output([*apt, "install", "--simulate", "--no-install-recommends", "mosquitto"]) or ""
    packages = re.findall(r"^Inst (\S+)", plan, flags=re.MULTILINE)
    return bool(packages) and _succeeds([*apt, "download", *packages], folder=folder)


def _write_launcher(folder: Path) -> None:
    libraries = sorted({path.parent.relative_to(folder) for path in (folder / "unpacked").rglob("*.so.*")})
    launcher = folder / "mosquitto"
    launcher.write_text(_LAUNCHER.format(libraries=":".join(f'"$here/{library}"' for library in libraries)))
    launcher.chmod(0o755)


def _succeeds(command: Sequence[str], *, folder: Path | None = None, timeout_s: float = _FETCH_S) -> bool:
    return _output(command, folder=folder, timeout_s=timeout_s) is not None


def _output(command: Sequence[str], *, folder: Path | None = None, timeout_s: float = _FETCH_S) -> str | None:
    """What the command prints; None if it fails or takes too long."""
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=timeout_s, check=True)
    except (OSError, subprocess.SubprocessError) as error:
        _LOG.info("%s: %s %s", " ".join(command), error, getattr(error, "stderr", ""))
        return None
    return done.stdout
