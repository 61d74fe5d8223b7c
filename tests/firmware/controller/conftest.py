"""The controller's own file, for the tests that make one of its parts."""

from __future__ import annotations

import pytest

from core.edge.device import load_device
from firmware.controller.settings import ControllerFile
from provisioning.tree import Tree


@pytest.fixture
def settings(provisioned: Tree) -> ControllerFile:
    file = provisioned.device("aubagne", "aubagne-controller") / "device.toml"
    settings, _ = load_device(file, ControllerFile, "controller")
    settings.data.mkdir(exist_ok=True)
    return settings
