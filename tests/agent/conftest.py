"""An agent over a real central broker: in this process for what it takes in, as a process for what it survives."""

from __future__ import annotations

import contextlib
import signal
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from agent.ingest import Ingest
from agent.settings import AgentFile, load_agent
from agent.store.keeper import Keeper
from agent.view import SiteView
from borne.demo.ports import is_listening
from core.edge.clock import ManualClock
from core.edge.link import LinkSettings
from core.room.ids import SiteId
from provisioning.tree import Tree
from tests.agent.site import EVENING_MS, PlayedSite
from tests.mosquitto import Mosquitto, wait_until


class RunningIngest:
    """An ingest, and what it shows."""

    def __init__(self, settings: AgentFile) -> None:
        self.clock = ManualClock(EVENING_MS)
        keeper = Keeper(settings.store.url)
        self.store = keeper.store
        self.ingest = Ingest(settings, keeper, self.clock)
        self.views: list[SiteView] = list(self.ingest.restore())
        self.ingest.start(self.views.append)

    def view(self, site: str = "aubagne") -> SiteView | None:
        return next((view for view in reversed(self.views) if view.site == site), None)

    def alerts(self, site: str = "aubagne") -> set[str]:
        return set(self.ingest.health.alerts.get(SiteId(site), ()))

    def close(self) -> None:
        self.ingest.stop()


class AgentProcess:
    """`borne agent`, as a process that can be killed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        web = tomllib.loads((folder / "agent.toml").read_text())["web"]
        self.url = f"http://{web['host']}:{web['port']}"
        self._port = web["port"]

    def start(self) -> None:
        with (self.folder / "agent.log").open("ab") as log:
            command = [sys.executable, "-m", "borne", "agent", "--config", self.folder / "agent.toml"]
            self._process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        wait_until(lambda: is_listening(self._port), what="the agent serves")

    @property
    def pid(self) -> int:
        assert self._process
        return self._process.pid

    def kill(self) -> None:
        """End it as a power cut does; nothing if it has ended."""
        assert self._process
        self._process.kill()
        self._process.wait(10)

    def terminate(self) -> int:
        """End it as a service manager does."""
        assert self._process
        self._process.send_signal(signal.SIGTERM)
        return self._process.wait(10)

    @property
    def log(self) -> str:
        return (self.folder / "agent.log").read_text()


@pytest.fixture
def agent_file(provisioned: Tree) -> Path:
    return provisioned.agent / "agent.toml"


@pytest.fixture
def open_ingest(agent_file: Path, central_broker: Mosquitto) -> Iterator[Callable[[], RunningIngest]]:
    """Starts an ingest over the same disk each time; those still running are stopped in the end."""
    with contextlib.ExitStack() as stack:

        def start() -> RunningIngest:
            running = RunningIngest(load_agent(agent_file))
            stack.callback(running.close)
            return running

        yield start


@pytest.fixture
def agent(agent_file: Path, central_broker: Mosquitto) -> Iterator[AgentProcess]:
    process = AgentProcess(agent_file.parent)
    process.start()
    yield process
    process.kill()


@pytest.fixture
def http(agent: AgentProcess) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=agent.url, timeout=5, trust_env=False) as client:
        yield client


@pytest.fixture
def play(provisioned: Tree, central_broker: Mosquitto, tmp_path: Path) -> Iterator[Callable[..., PlayedSite]]:
    """Starts the site `aubagne`; another `disk` is another journal."""
    link = LinkSettings(
        host="127.0.0.1",
        port=central_broker.port,
        ca=Path("uplink-ca.crt"),
        certificate=Path("uplink.crt"),
        key=Path("uplink.key"),
    ).beside(provisioned.device("aubagne", "aubagne-controller"))
    with contextlib.ExitStack() as stack:

        def start(disk: str = "card", *, boot: int = 1) -> PlayedSite:
            return stack.enter_context(PlayedSite(tmp_path / disk, link, boot=boot))

        yield start
