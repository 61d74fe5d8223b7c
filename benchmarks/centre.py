"""One centre and its network on this machine, provisioned as real ones are, and its processes, started one by one."""

from __future__ import annotations

import contextlib
import getpass
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self
from urllib.request import urlopen

from borne.demo.mosquitto import find_mosquitto
from borne.demo.ports import HOST, free_ports, is_listening
from core.edge.site import Device, Room, Service, Site
from provisioning.plan import Endpoint, Plan, SitePlan
from provisioning.provision import provision
from provisioning.tree import Tree

__all__ = ["SITE", "TOOLS", "Centre", "Child", "is_listening", "resident_kb", "start", "wait_until"]

SITE = "aubagne"
_ROOT = Path(__file__).resolve().parents[1]
TOOLS = _ROOT / ".tools"
_NOT_OURS = {"NOTIFY_SOCKET", "PYTHONDONTWRITEBYTECODE"}
"""Of this process alone: its service manager, and the wish to compile every module at every start."""
_START_S = 20.0
_STOP_S = 10.0


class Child:
    """A process of the benchmark; ended with it, and its whole output kept in a file."""

    def __init__(self, *command: str | Path, folder: Path, log: Path, environment: Mapping[str, str]) -> None:
        with log.open("ab") as file:
            self._process = subprocess.Popen(
                command,
                cwd=folder,
                env=environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=file,
                text=True,
            )

    @property
    def pid(self) -> int:
        return self._process.pid

    def say(self, line: str) -> None:
        assert self._process.stdin
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()

    def hear(self) -> str:
        """Its next line.

        Raises:
            RuntimeError: it has ended instead.
        """
        assert self._process.stdout
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"{self._process.args!r} ended with {self._process.wait(_STOP_S)}")
        return line.strip()

    def wait(self, timeout_s: float) -> int:
        return self._process.wait(timeout_s)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                pipe.close()
        self._process.terminate()
        try:
            self._process.wait(_STOP_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


class Centre:
    """The folders of a provisioned centre, of both brokers and of the agent."""

    def __init__(self, folder: Path, *, rooms: int = 2, clock: Mapping[str, Any] | None = None, **kiosk: Any) -> None:
        """
        Args:
            clock: the `[clock]` table of every machine, where it is not the system's.
            kiosk: hardware tables of the kiosk.
        """
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.web_port, central_port, site_port = free_ports(3)
        hardware = {"clock": dict(clock)} if clock else {}
        url = f"http://{HOST}:{self.web_port}"
        labels = range(1, rooms + 1)
        self.site = Site(
            id=SITE,
            name="Centre de soins d'Aubagne",
            public_url=url,
            services=[Service(id="consultation", name={"fr": "Consultation"})],
            rooms=[Room(id=f"room-{label}", label=str(label)) for label in labels],
            devices=[
                Device(id=f"{SITE}-controller", role="controller", hardware=hardware),
                Device(id=f"{SITE}-kiosk", role="kiosk", hardware={**hardware, **kiosk}),
                *(
                    Device(
                        id=f"{SITE}-room-{label}",
                        role="room",
                        room=f"room-{label}",
                        hardware={**hardware, "gpio": {"driver": "mock"}},
                    )
                    for label in labels
                ),
                Device(
                    id=f"{SITE}-display",
                    role="display",
                    hardware={**hardware, "panel": {"driver": "dummy", "width": 1920, "height": 1080}},
                ),
            ],
        )
        plan = Plan(
            sites=(SitePlan(site=self.site, broker=Endpoint(host=HOST, port=site_port)),),
            central=Endpoint(host=HOST, port=central_port),
            web=Endpoint(host=HOST, port=self.web_port),
            public_url=url,
            broker_user=getpass.getuser(),
            agent_clock=clock,
        )
        self.central_port = plan.central.port
        self.site_port = plan.sites[0].broker.port
        self.tree: Tree = provision(plan, folder / "provisioned", now=datetime.now(tz=UTC))

    def device(self, name: str) -> Path:
        """The folder of a device, named within its centre."""
        return self.tree.device(SITE, f"{SITE}-{name}")

    @contextlib.contextmanager
    def central_broker(self) -> Iterator[Child]:
        with self._broker(self.tree.central_broker, self.central_port) as broker:
            yield broker

    @contextlib.contextmanager
    def site_broker(self) -> Iterator[Child]:
        with self._broker(self.tree.broker(SITE), self.site_port) as broker:
            yield broker

    @contextlib.contextmanager
    def agent(self, *before: str) -> Iterator[Child]:
        """
        Args:
            before: what stands before the command, as strace does.
        """
        command = [*before, sys.executable, "-m", "borne", "agent", "--config", "agent.toml"]
        with self.child(*command, folder=self.tree.agent) as agent:
            wait_until(lambda: is_listening(self.web_port), "the agent serves")
            yield agent

    @contextlib.contextmanager
    def role(self, role: str, *before: str) -> Iterator[Child]:
        """A device of the centre as its own process: `controller`, `kiosk`, `display`."""
        command = [*before, sys.executable, "-m", "borne", role, "--config", "device.toml"]
        with self.child(*command, folder=self.device(role)) as process:
            yield process

    def child(self, *command: str | Path, folder: Path | None = None) -> Child:
        return start(*command, folder=folder, log=self.folder / "processes.log")

    def page(self, path: str) -> str:
        """A page of the agent's, in French."""
        with urlopen(f"http://{HOST}:{self.web_port}{path}?lang=fr", timeout=_START_S) as answer:
            return str(answer.read().decode())

    @contextlib.contextmanager
    def _broker(self, folder: Path, port: int) -> Iterator[Child]:
        with self.child(find_mosquitto(TOOLS), "-c", "mosquitto.conf", folder=folder) as broker:
            wait_until(lambda: is_listening(port), "mosquitto listens")
            yield broker


def start(*command: str | Path, log: Path, folder: Path | None = None) -> Child:
    """A process that finds the product, and runs in its folder where none is given."""
    environment = {name: value for name, value in os.environ.items() if name not in _NOT_OURS}
    return Child(*command, folder=folder or _ROOT, log=log, environment={**environment, "PYTHONPATH": str(_ROOT)})


def wait_until(is_so: Callable[[], bool], what: str, *, deadline_s: float = _START_S, poll_s: float = 0.005) -> None:
    """
    Raises:
        TimeoutError: it was not so within the deadline.
    """
    end_s = time.monotonic() + deadline_s
    while not is_so():
        if time.monotonic() > end_s:
            raise TimeoutError(f"not within {deadline_s:g} s: {what}")
        time.sleep(poll_s)


def resident_kb(pid: int) -> int:
    """Resident memory of a process (proc_pid_status(5), VmRSS)."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS:"))
