"""A control socket and a client to it."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from firmware.drivers.control import ControlClient, ControlSocket


@pytest.fixture
def control(tmp_path: Path) -> Iterator[ControlSocket]:
    with closing(ControlSocket(tmp_path / "control")) as control:
        yield control


@pytest.fixture
def client(control: ControlSocket) -> ControlClient:
    return ControlClient(control.path, timeout_s=5)
