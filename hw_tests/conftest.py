"""The rig: named on the command line, locked for one run, moved by a person."""

import fcntl
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from core.edge.config import ConfigError, Settings, load
from firmware.drivers.gpio import GpioSettings
from firmware.drivers.printer import PrinterSettings
from firmware.drivers.sound import SoundSettings

Ask = Callable[[str], str]


class RigFile(Settings):
    printer: PrinterSettings | None = None
    gpio: GpioSettings | None = None
    sound: SoundSettings | None = None


_rig = pytest.StashKey[RigFile]()
_lock = pytest.StashKey[object]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--rig", type=Path, help="TOML file that says what is wired to this machine; see hw_tests/README.md"
    )


def pytest_configure(config: pytest.Config) -> None:
    path = config.getoption("--rig")
    if path is None:
        raise pytest.UsageError("hw_tests need hardware: pytest hw_tests --rig rig.toml (see hw_tests/README.md)")
    try:
        config.stash[_rig] = load(path, RigFile)
    except ConfigError as error:
        raise pytest.UsageError(str(error)) from error
    lock = (Path(tempfile.gettempdir()) / "borne-rig.lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        lock.close()
        raise pytest.UsageError("the rig is in use by another run; wait for its end") from error
    config.stash[_lock] = lock
    config.add_cleanup(lock.close)


@pytest.fixture(scope="session")
def rig_file(pytestconfig: pytest.Config) -> RigFile:
    return pytestconfig.stash[_rig]


@pytest.fixture
def ask(pytestconfig: pytest.Config) -> Ask:
    """Say something to the person at the rig and wait for the answer."""
    capture = pytestconfig.pluginmanager.getplugin("capturemanager")

    def asked(sentence: str) -> str:
        capture.suspend_global_capture(in_=True)
        try:
            return input(f"\n  → {sentence} ").strip().lower()
        finally:
            capture.resume_global_capture()

    return asked
