"""A real PostgreSQL under test: Debian's, a cluster of its own in a temporary folder, on a Unix socket only."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Self

__all__ = ["Postgresql"]

_STEP_S = 60
_USER = "borne"


class Postgresql:
    """One cluster, as durable as PostgreSQL is by default. Made on entering `with`, gone afterwards.

    Raises:
        FileNotFoundError: PostgreSQL is not installed (Debian: `apt-get install postgresql`).
    """

    def __init__(self) -> None:
        versions = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
        if not versions:
            raise FileNotFoundError("PostgreSQL is missing: install postgresql with this system's package manager")
        self._bin = versions[-1]
        # Its socket's path has at most 107 bytes (unix(7)).
        self._folder = Path(tempfile.mkdtemp(prefix="borne-pg-"))

    def make(self, database: str) -> str:
        """An empty database; returns its SQLAlchemy address."""
        self._run("createdb", "-h", str(self._folder), "-U", _USER, database)
        return f"postgresql+psycopg://{_USER}@/{database}?host={self._folder}"

    def __enter__(self) -> Self:
        if os.geteuid() == 0:
            # It refuses to run as root.
            user = pwd.getpwnam("postgres")
            os.chown(self._folder, user.pw_uid, user.pw_gid)
        self._run("initdb", "-D", "data", "-A", "trust", "-U", _USER, "--no-sync")
        options = f"-c listen_addresses='' -c unix_socket_directories={self._folder}"
        self._run("pg_ctl", "-D", "data", "-w", "-l", "log", "-o", options, "start")
        return self

    def __exit__(self, *_error: object) -> None:
        self._run("pg_ctl", "-D", "data", "-m", "fast", "-w", "stop")
        shutil.rmtree(self._folder)

    def _run(self, program: str, *arguments: str) -> None:
        become = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.geteuid() == 0 else []
        subprocess.run(
            [*become, self._bin / program, *arguments],
            cwd=self._folder,
            check=True,
            timeout=_STEP_S,
            stdout=subprocess.DEVNULL,
        )
