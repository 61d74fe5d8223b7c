"""Imports run one way: the contracts of `setup.cfg` hold, and there are contracts for every package."""

from __future__ import annotations

import configparser
import subprocess
import sys
from pathlib import Path

_ROOT = Path(__file__).parent.parent.parent


def test_every_contract_is_kept() -> None:
    lint = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=_ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert lint.returncode == 0, lint.stdout + lint.stderr
    assert " 0 broken" in lint.stdout


def test_every_package_that_is_shipped_is_under_the_contracts() -> None:
    setup = configparser.ConfigParser()
    setup.read(_ROOT / "setup.cfg")
    shipped = {name.rstrip("*") for name in setup["options.packages.find"]["include"].split()}
    assert shipped == set(setup["importlinter"]["root_packages"].split())
    layers = setup["importlinter:contract:directions"]["layers"].replace("|", " ").split()
    assert shipped == set(layers)
